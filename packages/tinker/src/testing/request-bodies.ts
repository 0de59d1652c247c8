/** @file Bodies of the JSON routes. What a schema does not name is dropped without a word, as servers do, and reported here. */
import { z } from "zod";
import { Refusal } from "./refusal.ts";

const name = z
  .string()
  .regex(/^[a-zA-Z0-9_-]+$/)
  .max(255);

export const bodies = {
  createSession: z.object({
    tags: z.array(z.string()),
    user_metadata: z.null(),
    sdk_version: z.string(),
    type: z.literal("create_session"),
  }),
  heartbeat: z.object({ session_id: z.string() }),
  createModel: z.object({
    session_id: z.string(),
    base_model: z.string(),
    lora_config: z.object({ rank: z.int(), seed: z.int().optional() }),
    model_role: z.string(),
  }),
  optimStep: z.object({
    model_id: z.string(),
    seq_id: z.int().optional(),
    adam_params: z.object({
      learning_rate: z.number(),
      beta1: z.number(),
      beta2: z.number(),
      eps: z.number(),
      weight_decay: z.number(),
      grad_clip_norm: z.number().optional(),
    }),
  }),
  saveWeights: z.object({ model_id: z.string(), path: name }),
  saveForSampler: z.object({
    model_id: z.string(),
    path: name.optional(),
    sampling_session_seq_id: z.int().optional(),
    seq_id: z.int().optional(),
  }),
  loadWeights: z.object({ model_id: z.string(), path: z.string(), optimizer: z.boolean(), seq_id: z.int().optional() }),
  unloadModel: z.object({ model_id: z.string() }),
  retrieveFuture: z.object({ request_id: z.string() }),
  sample: z.object({
    num_samples: z.literal(1),
    prompt: z.object({
      chunks: z.tuple([z.object({ type: z.literal("encoded_text"), tokens: z.array(z.int()).min(1) })]),
    }),
    sampling_params: z.object({
      max_tokens: z.int().positive(),
      temperature: z.number().nonnegative(),
      top_k: z.literal(-1),
      top_p: z.literal(1),
      seed: z.int().nonnegative().max(0x7fffffff),
      stop: z.union([z.array(z.string()), z.array(z.int())]),
    }),
    sampling_session_id: z.string(),
    seq_id: z.int().positive(),
    prompt_logprobs: z.literal(false),
    topk_prompt_logprobs: z.literal(0),
    type: z.literal("sample"),
  }),
};

/** Reads a body. @param report gets the path of every field that is dropped. @throws Refusal 422 */
export function readBody<T>(schema: z.ZodType<T>, text: string, report: (field: string) => void): T {
  const body: unknown = JSON.parse(text);
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Refusal(422, z.prettifyError(parsed.error));
  for (const field of missingIn(parsed.data, body, "")) report(field);
  return parsed.data;
}

function missingIn(parsed: unknown, body: unknown, path: string): string[] {
  if (!isRecord(body) || !isRecord(parsed)) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    key in parsed ? missingIn(parsed[key], value, `${path}${key}.`) : [path + key],
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
