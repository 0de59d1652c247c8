/**
 * @file SGLang's own route `/generate` (`python/sglang/srt/managers/io_struct.py` of mid-2026): ids in, pairs of
 * log-probability and id out. Its OpenAI routes name the same things differently from version to version.
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
import { engineFailure, excerpt, otherWeights } from "./engine-failure.ts";
import { readReply } from "./engine-http.ts";
import type { EngineHttp } from "./engine-http.ts";
import { servedModels } from "./served-models.ts";

const ids = z.array(z.int().nonnegative());
/** [log-probability, id, text]; the first of a context has no log-probability. */
const entry = z.tuple([z.number().nullable(), z.int().nonnegative()], z.unknown());

const generationSchema = z.object({
  meta_info: z.object({
    finish_reason: z.object({ type: z.string() }).nullish(),
    prompt_tokens: z.int().nullish(),
    completion_tokens: z.int().nullish(),
    cached_tokens: z.int().nullish(),
    weight_version: z.string().nullish(),
    output_token_logprobs: z.array(entry).nullish(),
    input_token_logprobs: z.array(entry).nullish(),
  }),
});
type Generation = z.infer<typeof generationSchema>;

const changeSchema = z.object({ success: z.boolean(), error_message: z.string().nullish() });

/** `top_k` −1 is off. */
const untruncated = {
  top_p: 1,
  top_k: -1,
  min_p: 0,
  presence_penalty: 0,
  frequency_penalty: 0,
  repetition_penalty: 1,
} as const;

/** SGLang's scheduler keeps so many tokens of a context back: it allows contexts of at most its length less 6. */
const keptBack = 6;

export function createSglangDialect(http: EngineHttp, model: string): EngineDialect {
  return new SglangDialect(http, model);
}

class SglangDialect implements EngineDialect {
  readonly adapterFormat = "peft";
  readonly canFollowTemperature = true;
  readonly adapterHint =
    "start SGLang with --enable-lora, --max-lora-rank and --lora-target-modules, " +
    "and let it read the folder of the adapters (sharedFolder)";
  readonly trainingHint = "use SGLang's own server: /generate with return_logprob gives both";
  readonly #http: EngineHttp;
  readonly #model: string;
  /** Of the base's weights, as first seen: an update from outside would change the policy without a new version. */
  #weightVersion: string | null = null;

  constructor(http: EngineHttp, model: string) {
    this.#http = http;
    this.#model = model;
  }

  async describe(signal?: AbortSignal): Promise<Outcome<EngineDescription>> {
    const served = await servedModels(this.#http, signal);
    if (!served.ok) return served;
    const length = served.value.longest(this.#model);
    return length.ok ? succeed({ contextTokens: length.value - keptBack }) : length;
  }

  async tokenize(text: string): Promise<Outcome<readonly number[]>> {
    const body = { model: this.#model, prompt: text, add_special_tokens: false };
    const reply = await this.#http.ask({ method: "POST", path: "/tokenize", body }, z.object({ tokens: ids }));
    return reply.ok ? succeed(reply.value.tokens) : reply;
  }

  async detokenize(tokens: readonly number[]): Promise<Outcome<string>> {
    const body = { model: this.#model, tokens };
    const reply = await this.#http.ask({ method: "POST", path: "/detokenize", body }, z.object({ text: z.string() }));
    return reply.ok ? succeed(reply.value.text) : reply;
  }

  async sample(request: EngineSampleRequest, signal?: AbortSignal): Promise<Outcome<EngineAction>> {
    const generation = await this.#generate(request.adapter, bodyOf(request), signal);
    return generation.ok ? succeed(actionOf(generation.value)) : generation;
  }

  /** By the context's log-probabilities, which SGLang computes before any temperature. */
  async score(request: EngineScoreRequest, signal?: AbortSignal): Promise<Outcome<readonly number[]>> {
    const { tokens, positions, adapter } = request;
    const first = Math.max(0, (positions[0] ?? 1) - 1);
    const sampling_params = { max_new_tokens: 1, temperature: 0 };
    const body = { input_ids: tokens, sampling_params, logprob_start_len: first };
    const generation = await this.#generate(adapter, body, signal);
    if (!generation.ok) return generation;
    const entries = generation.value.meta_info.input_token_logprobs ?? [];
    const scores = positions.map((t) => (entries[t - first]?.[1] === tokens[t] ? entries[t - first]?.[0] : null));
    if (scores.every((score) => score !== null && score !== undefined)) return succeed(scores as number[]);
    return fail(
      engineFailure("score-not-supported", "SGLang gave no log-probability for some of the context's tokens"),
    );
  }

  async adapters(): Promise<Outcome<readonly string[]>> {
    const served = await servedModels(this.#http);
    return served.ok ? succeed(served.value.names) : served;
  }

  async loadAdapter(name: string, path: string): Promise<Outcome<void>> {
    return this.#change("/load_lora_adapter", { lora_name: name, lora_path: path });
  }

  async unloadAdapter(name: string): Promise<Outcome<void>> {
    return this.#change("/unload_lora_adapter", { lora_name: name });
  }

  async #change(path: string, body: unknown): Promise<Outcome<void>> {
    const reply = await this.#http.ask({ method: "POST", path, body }, changeSchema);
    if (!reply.ok) return reply;
    const { success, error_message: message } = reply.value;
    return success
      ? succeed(undefined)
      : fail(engineFailure("engine-refused-request", excerpt(message ?? "no reason")));
  }

  async #generate(
    adapter: string | null,
    body: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Outcome<Generation>> {
    const lora = adapter === null ? {} : { lora_path: adapter };
    const whole = { ...body, ...lora, return_logprob: true, stream: false };
    const reply = await this.#http.request({ method: "POST", path: "/generate", body: whole }, signal);
    if (!reply.ok) return reply;
    const { status, text } = reply.value;
    // SGLang refuses an unknown adapter like any bad request; only its words name it.
    if (adapter !== null && status === 400 && text.includes(adapter)) {
      return fail(engineFailure("adapter-unknown", `SGLang does not hold "${adapter}": ${excerpt(text)}`));
    }
    const generation = readReply(reply.value, generationSchema);
    return generation.ok ? this.#ofSameWeights(generation.value) : generation;
  }

  #ofSameWeights(generation: Generation): Outcome<Generation> {
    const version = generation.meta_info.weight_version ?? null;
    this.#weightVersion ??= version;
    if (version === this.#weightVersion) return succeed(generation);
    return fail(otherWeights(`weights of version "${version}", not "${this.#weightVersion}"`));
  }
}

function actionOf({ meta_info: info }: Generation): EngineAction {
  const sampled = info.output_token_logprobs ?? null;
  const finish = info.finish_reason?.type;
  return {
    promptTokens: null,
    promptCount: info.prompt_tokens ?? null,
    tokens: sampled?.map(([, token]) => token) ?? null,
    sampledCount: info.completion_tokens ?? null,
    logProbs: sampled?.map(([logProb]) => logProb) ?? null,
    finish: finish === "stop" || finish === "length" ? finish : "aborted",
    cachedCount: info.cached_tokens ?? null,
  };
}

function bodyOf(request: EngineSampleRequest): Readonly<Record<string, unknown>> {
  return {
    input_ids: request.tokens,
    sampling_params: {
      max_new_tokens: request.maxTokens,
      temperature: request.temperature,
      // Only heeded by a server started with --enable-deterministic-inference.
      sampling_seed: request.seed,
      stop: request.stopTexts,
      stop_token_ids: request.endTokens,
      no_stop_trim: true,
      spaces_between_special_tokens: false,
      ...untruncated,
    },
  };
}
