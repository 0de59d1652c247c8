import { z } from "zod";
import type { EngineAction, EngineSampleRequest } from "./engine-dialect.ts";

/** The least single-precision number stands for the logarithm of 0. */
const noLogProb = -1e30;

const scoredToken = z.object({
  id: z.int().nonnegative(),
  logprob: z
    .number()
    .optional()
    .transform((value) => (value !== undefined && value > noLogProb ? value : undefined)),
});

/** What `POST /completion` answers, as far as it is used. */
export const completionSchema = z.object({
  tokens: z.array(z.int().nonnegative()).optional(),
  tokens_predicted: z.int().optional(),
  tokens_evaluated: z.int().optional(),
  stop_type: z.string().optional(),
  stopping_word: z.string().optional(),
  completion_probabilities: z.array(scoredToken.extend({ top_logprobs: z.array(scoredToken).optional() })).optional(),
  timings: z.object({ prompt_n: z.int().optional() }).optional(),
  generation_settings: z.object({ lora: z.array(z.object({ id: z.int(), scale: z.number() })).optional() }).optional(),
});
export type LlamaCompletion = z.infer<typeof completionSchema>;

/** llama.cpp takes this seed as "any". */
const randomSeed = 0xffffffff;

/** Only the temperature between the logits and the draw; all else that a server's start could have switched on is off. */
const untruncated = {
  samplers: ["temperature"],
  top_k: 0,
  top_p: 1,
  min_p: 0,
  typical_p: 1,
  repeat_penalty: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  dry_multiplier: 0,
  xtc_probability: 0,
  mirostat: 0,
} as const;

/** Log-probabilities before all sampling settings: those after it would be none at temperature 0. */
const reported = { n_probs: 1, post_sampling_probs: false, return_tokens: true } as const;

/** The body that samples an action. The server knows the model's end tokens by itself. */
export function sampling(request: EngineSampleRequest): Readonly<Record<string, unknown>> {
  return {
    prompt: request.tokens,
    n_predict: request.maxTokens,
    temperature: request.temperature,
    seed: request.seed === randomSeed ? 0 : request.seed,
    stop: request.stopTexts,
    ...reported,
    ...untruncated,
  };
}

/** Far above any logit, and still exact in single precision. */
const certainty = 1e6;

/**
 * The body that samples one given token, whatever its probability: the log-probabilities are those before the bias.
 * @param likeliest how many of the likeliest tokens are reported beside it
 */
export function forced(context: readonly number[], token: number, likeliest = 1): Readonly<Record<string, unknown>> {
  const draw = { n_predict: 1, temperature: 0, seed: 0, stop: [], logit_bias: [[token, certainty]] };
  return { prompt: context, ...draw, ...reported, n_probs: likeliest, ...untruncated };
}

/** A completion as an action. @param logProbs one for each token, where there are any */
export function actionOf(completion: LlamaCompletion, logProbs: readonly (number | null)[] | null): EngineAction {
  const { stop_type: stop, tokens_evaluated: promptCount, timings } = completion;
  const evaluated = timings?.prompt_n;
  return {
    promptTokens: null,
    promptCount: promptCount ?? null,
    // A server that does not know `return_tokens` gives an empty list.
    tokens: completion.tokens === undefined || completion.tokens.length === 0 ? null : completion.tokens,
    sampledCount: completion.tokens_predicted ?? null,
    logProbs,
    finish: stop === "limit" ? "length" : stop === "eos" || stop === "word" ? "stop" : "aborted",
    cachedCount: evaluated === undefined || promptCount === undefined ? null : promptCount - evaluated,
  };
}
