/** @file What vLLM answers, as far as a policy asks it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { FakeDecoder, FakeGeneration } from "./fake-decoder.ts";
import type { FakeAnswer, SeenRequest } from "./fake-http-server.ts";

/** How a fake engine was started. */
export interface FakeEngineStart {
  readonly decoder: FakeDecoder;
  readonly model: string;
  /** Tokens of context and action together. */
  readonly contextLength: number;
  /** Whether log-probabilities are taken after the temperature. */
  readonly processedLogProbs: boolean;
  /** Names of the adapters, and where they were read. */
  readonly adapters: Map<string, string>;
}

const ids = z.array(z.int().nonnegative()).min(1);
const completion = z.object({
  model: z.string(),
  prompt: ids,
  max_tokens: z.int().positive(),
  temperature: z.number(),
  seed: z.int().default(0),
  stop: z.array(z.string()).default([]),
  stop_token_ids: z.array(z.int()).default([]),
  logprobs: z.int().optional(),
  prompt_logprobs: z.int().optional(),
  return_token_ids: z.boolean().default(false),
  stream: z.literal(false),
});
type Completion = z.infer<typeof completion>;

const error = (status: number, message: string): FakeAnswer => ({
  status,
  body: { error: { message, type: status === 404 ? "NotFoundError" : "BadRequestError", param: null, code: status } },
});
const json = (body: unknown): FakeAnswer => ({ status: 200, body });

/** Answers like `vllm serve` with run-time LoRA. */
export function answerAsVllm(start: FakeEngineStart): (request: SeenRequest) => FakeAnswer {
  return ({ method, path, body }) => {
    switch (`${method} ${path}`) {
      case "GET /v1/models":
        return json({ object: "list", data: modelsOf(start) });
      case "POST /tokenize":
        return json({ tokens: start.decoder.tokenizer.encode(z.object({ prompt: z.string() }).parse(body).prompt) });
      case "POST /detokenize":
        return json({
          prompt: start.decoder.tokenizer.decode(z.object({ tokens: z.array(z.int()) }).parse(body).tokens),
        });
      case "POST /v1/load_lora_adapter":
        return load(start, z.object({ lora_name: z.string(), lora_path: z.string() }).parse(body));
      case "POST /v1/unload_lora_adapter":
        return unload(start, z.object({ lora_name: z.string() }).parse(body).lora_name);
      case "POST /v1/completions":
        return complete(start, body);
      default:
        return { status: 404, body: { detail: "Not Found" } };
    }
  };
}

/** The base, then its adapters. */
export function modelsOf({ model, contextLength, adapters }: FakeEngineStart): readonly unknown[] {
  const base = { id: model, object: "model", root: model, parent: null, max_model_len: contextLength };
  return [base, ...[...adapters].map(([id, root]) => ({ id, object: "model", root, parent: model }))];
}

/** Whether a folder holds an adapter as PEFT writes it. */
export function isPeftFolder(path: string): boolean {
  return ["adapter_config.json", "adapter_model.safetensors"].every((file) => existsSync(join(path, file)));
}

function load(
  start: FakeEngineStart,
  { lora_name: name, lora_path: path }: { lora_name: string; lora_path: string },
): FakeAnswer {
  if (start.adapters.has(name)) return error(400, `The lora adapter '${name}' has already been loaded.`);
  if (!isPeftFolder(path)) return error(404, `Loading lora ${name} failed: No adapter found for ${path}`);
  start.adapters.set(name, path);
  return json(`Success: LoRA adapter '${name}' added successfully.`);
}

function unload(start: FakeEngineStart, name: string): FakeAnswer {
  if (!start.adapters.delete(name)) return error(404, `The lora adapter '${name}' cannot be found.`);
  return json(`Success: LoRA adapter '${name}' removed successfully.`);
}

function complete(start: FakeEngineStart, body: unknown): FakeAnswer {
  const parsed = completion.safeParse(body);
  if (!parsed.success) return error(400, z.prettifyError(parsed.error));
  const asked = parsed.data;
  if (asked.model !== start.model && !start.adapters.has(asked.model)) {
    return error(404, `The model \`${asked.model}\` does not exist.`);
  }
  if (asked.prompt.length + asked.max_tokens > start.contextLength) {
    return error(400, `This model's maximum context length is ${start.contextLength} tokens.`);
  }
  const adapter = asked.model === start.model ? null : asked.model;
  const {
    max_tokens: maxTokens,
    temperature,
    seed,
    stop: stopTexts,
    stop_token_ids: endTokens,
    prompt: tokens,
  } = asked;
  const generation = start.decoder.generate({ tokens, maxTokens, temperature, seed, stopTexts, endTokens, adapter });
  return json(replyOf(start, asked, generation));
}

function replyOf(start: FakeEngineStart, asked: Completion, generation: FakeGeneration): unknown {
  const { tokens, stop, stopText, cachedTokens } = generation;
  const adapter = asked.model === start.model ? null : asked.model;
  const logProbs = start.processedLogProbs ? generation.logProbsAtTemperature : generation.logProbs;
  const scores = asked.prompt_logprobs === undefined ? null : start.decoder.score(asked.prompt, adapter);
  const choice = {
    index: 0,
    text: start.decoder.tokenizer.decode(tokens),
    finish_reason: stop === "limit" ? "length" : "stop",
    stop_reason: stopText,
    logprobs: asked.logprobs === undefined ? null : { token_logprobs: logProbs, tokens: tokens.map(String) },
    token_ids: asked.return_token_ids ? tokens : null,
    prompt_token_ids: asked.return_token_ids ? asked.prompt : null,
    prompt_logprobs:
      scores?.map((logprob, t) => (logprob === null ? null : { [String(asked.prompt[t])]: { logprob, rank: 1 } })) ??
      null,
  };
  const usage = {
    prompt_tokens: asked.prompt.length,
    completion_tokens: tokens.length,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
  return { id: "cmpl-1", object: "text_completion", model: asked.model, choices: [choice], usage };
}
