/**
 * @file vLLM's HTTP server (`vllm serve`), by `vllm/entrypoints/openai/completion/protocol.py` of mid-2026:
 * `/v1/completions` with ids in, `return_token_ids` and `logprobs` out; LoRA adapters by name at run time.
 */
import { fail, succeed } from "@litmus/core";
import type { Outcome } from "@litmus/core";
import { z } from "zod";
import type {
  EngineAction,
  EngineDescription,
  EngineDialect,
  EngineSampleRequest,
  EngineScoreRequest,
} from "./engine-dialect.ts";
import { engineFailure, otherWeights } from "./engine-failure.ts";
import { readReply } from "./engine-http.ts";
import type { EngineHttp } from "./engine-http.ts";
import { servedModels } from "./served-models.ts";

const ids = z.array(z.int().nonnegative());

const completionSchema = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        token_ids: ids.nullish(),
        prompt_token_ids: ids.nullish(),
        logprobs: z.object({ token_logprobs: z.array(z.number().nullable()) }).nullish(),
        prompt_logprobs: z.array(z.record(z.string(), z.object({ logprob: z.number() })).nullable()).nullish(),
      }),
    )
    .length(1),
  usage: z
    .object({
      completion_tokens: z.int().nullish(),
      prompt_tokens: z.int().nullish(),
      prompt_tokens_details: z.object({ cached_tokens: z.int().nullish() }).nullish(),
    })
    .nullish(),
});
type Completion = z.infer<typeof completionSchema>;

const anything = z.unknown();

/**
 * Every setting that a model's `generation_config.json` could otherwise bring in (vLLM takes it as default).
 * `top_k` 0 and `min_p` 0 are off.
 */
const untruncated = {
  top_p: 1,
  top_k: 0,
  min_p: 0,
  presence_penalty: 0,
  frequency_penalty: 0,
  repetition_penalty: 1,
} as const;

/** vLLM writes this, or less, for what it has no logarithm of. */
const noLogProb = -9999;

export function createVllmDialect(http: EngineHttp, model: string): EngineDialect {
  return new VllmDialect(http, model);
}

class VllmDialect implements EngineDialect {
  readonly adapterFormat = "peft";
  readonly canFollowTemperature = true;
  readonly adapterHint =
    "start vLLM with VLLM_ALLOW_RUNTIME_LORA_UPDATING=True, --enable-lora, --max-loras 2 and --max-lora-rank, " +
    "and let it read the folder of the adapters (sharedFolder)";
  readonly trainingHint = "use a vLLM whose /v1/completions knows return_token_ids, without a proxy that drops fields";
  readonly #http: EngineHttp;
  readonly #model: string;

  constructor(http: EngineHttp, model: string) {
    this.#http = http;
    this.#model = model;
  }

  /** One token less than the engine holds: scoring a context samples one token after it. */
  async describe(signal?: AbortSignal): Promise<Outcome<EngineDescription>> {
    const served = await servedModels(this.#http, signal);
    if (!served.ok) return served;
    const length = served.value.longest(this.#model);
    return length.ok ? succeed({ contextTokens: length.value - 1 }) : length;
  }

  async tokenize(text: string): Promise<Outcome<readonly number[]>> {
    const body = { model: this.#model, prompt: text, add_special_tokens: false };
    const reply = await this.#http.ask({ method: "POST", path: "/tokenize", body }, z.object({ tokens: ids }));
    return reply.ok ? succeed(reply.value.tokens) : reply;
  }

  async detokenize(tokens: readonly number[]): Promise<Outcome<string>> {
    const body = { model: this.#model, tokens };
    const reply = await this.#http.ask({ method: "POST", path: "/detokenize", body }, z.object({ prompt: z.string() }));
    return reply.ok ? succeed(reply.value.prompt) : reply;
  }

  async sample(request: EngineSampleRequest, signal?: AbortSignal): Promise<Outcome<EngineAction>> {
    const completion = await this.#complete(request.adapter, bodyOf(request), signal);
    return completion.ok ? succeed(actionOf(completion.value)) : completion;
  }

  /** By the prompt's log-probabilities, which vLLM computes before any temperature. */
  async score(request: EngineScoreRequest, signal?: AbortSignal): Promise<Outcome<readonly number[]>> {
    const body = { prompt: request.tokens, max_tokens: 1, temperature: 0, prompt_logprobs: 0 };
    const completion = await this.#complete(request.adapter, body, signal);
    if (!completion.ok) return completion;
    const entries = completion.value.choices[0]?.prompt_logprobs ?? [];
    const scores = request.positions.map((t) => entries[t]?.[String(request.tokens[t])]?.logprob);
    if (entries.length === request.tokens.length && scores.every((score) => score !== undefined && score > noLogProb)) {
      return succeed(scores as number[]);
    }
    return fail(engineFailure("score-not-supported", "vLLM gave no log-probability for some of the context's tokens"));
  }

  async adapters(): Promise<Outcome<readonly string[]>> {
    const served = await servedModels(this.#http);
    return served.ok ? succeed(served.value.names) : served;
  }

  async loadAdapter(name: string, path: string): Promise<Outcome<void>> {
    return this.#post("/v1/load_lora_adapter", { lora_name: name, lora_path: path });
  }

  async unloadAdapter(name: string): Promise<Outcome<void>> {
    return this.#post("/v1/unload_lora_adapter", { lora_name: name });
  }

  /** These routes answer with a sentence, not with JSON: the status alone counts. */
  async #post(path: string, body: unknown): Promise<Outcome<void>> {
    const reply = await this.#http.request({ method: "POST", path, body });
    if (!reply.ok) return reply;
    const { status } = reply.value;
    return status >= 200 && status <= 299 ? succeed(undefined) : failed(reply.value);
  }

  async #complete(
    adapter: string | null,
    body: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Outcome<Completion>> {
    const model = adapter ?? this.#model;
    // Salted, so that cached contexts of one version can never serve another.
    const whole = { model, ...body, n: 1, stream: false, cache_salt: model };
    const reply = await this.#http.request({ method: "POST", path: "/v1/completions", body: whole }, signal);
    if (!reply.ok) return reply;
    if (reply.value.status === 404) return fail(unknownModel(adapter, model));
    const completion = readReply(reply.value, completionSchema);
    const answered = completion.ok ? completion.value.model : null;
    return typeof answered === "string" && answered !== model ? fail(otherWeights(`"${answered}"`)) : completion;
  }
}

function failed(reply: { readonly status: number; readonly text: string }): Outcome<never> {
  const read = readReply(reply, anything);
  return read.ok ? fail(engineFailure("engine-reply-unreadable", reply.text)) : read;
}

function unknownModel(adapter: string | null, model: string): ReturnType<typeof engineFailure> {
  const code = adapter === null ? "model-unknown" : "adapter-unknown";
  return engineFailure(code, `vLLM does not serve "${model}"`);
}

function bodyOf(request: EngineSampleRequest): Readonly<Record<string, unknown>> {
  return {
    prompt: request.tokens,
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    seed: request.seed,
    stop: request.stopTexts,
    stop_token_ids: request.endTokens,
    include_stop_str_in_output: true,
    spaces_between_special_tokens: false,
    logprobs: 0,
    return_token_ids: true,
    ...untruncated,
  };
}

function actionOf({ choices, usage }: Completion): EngineAction {
  const choice = choices[0];
  return {
    promptTokens: choice?.prompt_token_ids ?? null,
    promptCount: usage?.prompt_tokens ?? null,
    tokens: choice?.token_ids ?? null,
    sampledCount: usage?.completion_tokens ?? null,
    logProbs:
      choice?.logprobs?.token_logprobs.map((value) => (value === null || value <= noLogProb ? null : value)) ?? null,
    finish: choice?.finish_reason === "stop" || choice?.finish_reason === "length" ? choice.finish_reason : "aborted",
    cachedCount: usage?.prompt_tokens_details?.cached_tokens ?? null,
  };
}
