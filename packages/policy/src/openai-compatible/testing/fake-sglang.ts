/** @file What SGLang answers, as far as a policy asks it. */
import { z } from "zod";
import type { FakeAnswer, SeenRequest } from "./fake-http-server.ts";
import { isPeftFolder, modelsOf } from "./fake-vllm.ts";
import type { FakeEngineStart } from "./fake-vllm.ts";

const generation = z.object({
  input_ids: z.array(z.int().nonnegative()).min(1),
  sampling_params: z.object({
    max_new_tokens: z.int().positive(),
    temperature: z.number(),
    sampling_seed: z.int().default(0),
    stop: z.array(z.string()).default([]),
    stop_token_ids: z.array(z.int()).default([]),
  }),
  return_logprob: z.boolean().default(false),
  logprob_start_len: z.int().default(-1),
  lora_path: z.string().optional(),
  stream: z.literal(false),
});
type Generation = z.infer<typeof generation>;

const error = (message: string): FakeAnswer => ({ status: 400, body: { error: { message } } });
const json = (body: unknown): FakeAnswer => ({ status: 200, body });

/** Answers like SGLang's server with deterministic inference and run-time LoRA. */
export function answerAsSglang(start: FakeEngineStart): (request: SeenRequest) => FakeAnswer {
  return ({ method, path, body }) => {
    switch (`${method} ${path}`) {
      case "GET /v1/models":
        return json({ object: "list", data: modelsOf(start) });
      case "POST /tokenize":
        return json({ tokens: start.decoder.tokenizer.encode(z.object({ prompt: z.string() }).parse(body).prompt) });
      case "POST /detokenize":
        return json({
          text: start.decoder.tokenizer.decode(z.object({ tokens: z.array(z.int()) }).parse(body).tokens),
        });
      case "POST /load_lora_adapter":
        return load(start, z.object({ lora_name: z.string(), lora_path: z.string() }).parse(body));
      case "POST /unload_lora_adapter":
        return unload(start, z.object({ lora_name: z.string() }).parse(body).lora_name);
      case "POST /generate":
        return generate(start, body);
      default:
        return { status: 404, body: { detail: "Not Found" } };
    }
  };
}

function load(
  start: FakeEngineStart,
  { lora_name: name, lora_path: path }: { lora_name: string; lora_path: string },
): FakeAnswer {
  if (start.adapters.has(name)) return changed(start, `LoRA adapter ${name} is already loaded`);
  if (!isPeftFolder(path)) return changed(start, `no adapter in ${path}`);
  start.adapters.set(name, path);
  return changed(start, null);
}

function unload(start: FakeEngineStart, name: string): FakeAnswer {
  return changed(start, start.adapters.delete(name) ? null : `LoRA adapter ${name} is not loaded`);
}

function changed({ adapters }: FakeEngineStart, message: string | null): FakeAnswer {
  const success = message === null;
  const body = { success, error_message: message ?? "", loaded_adapters: Object.fromEntries(adapters) };
  return { status: success ? 200 : 400, body };
}

function generate(start: FakeEngineStart, body: unknown): FakeAnswer {
  const parsed = generation.safeParse(body);
  if (!parsed.success) return error(z.prettifyError(parsed.error));
  const asked = parsed.data;
  const adapter = asked.lora_path ?? null;
  if (adapter !== null && !start.adapters.has(adapter)) {
    return error(`The following requested LoRA adapters are not loaded: ${adapter}`);
  }
  if (asked.input_ids.length > start.contextLength - 6) {
    return error(`The input (${asked.input_ids.length} tokens) is longer than the model's context length.`);
  }
  return json(replyOf(start, asked, adapter));
}

function replyOf(start: FakeEngineStart, asked: Generation, adapter: string | null): unknown {
  const { input_ids: tokens, logprob_start_len: first } = asked;
  const {
    max_new_tokens: maxTokens,
    temperature,
    sampling_seed: seed,
    stop,
    stop_token_ids: endTokens,
  } = asked.sampling_params;
  const made = start.decoder.generate({ tokens, maxTokens, temperature, seed, stopTexts: stop, endTokens, adapter });
  const logProbs = start.processedLogProbs ? made.logProbsAtTemperature : made.logProbs;
  const scores = first < 0 ? [] : start.decoder.score(tokens, adapter).slice(first);
  return {
    text: start.decoder.tokenizer.decode(made.tokens),
    meta_info: {
      id: "1",
      finish_reason:
        made.stop === "limit"
          ? { type: "length", length: maxTokens }
          : { type: "stop", matched: made.stopText ?? made.tokens.at(-1) },
      prompt_tokens: tokens.length,
      completion_tokens: made.tokens.length,
      cached_tokens: made.cachedTokens,
      weight_version: "default",
      ...(asked.return_logprob
        ? { output_token_logprobs: made.tokens.map((token, i) => [logProbs[i], token, null]) }
        : {}),
      // The first of the range has no log-probability, wherever the range begins.
      input_token_logprobs: scores.map((score, i) => [i === 0 ? null : score, tokens[first + i], null]),
    },
  };
}
