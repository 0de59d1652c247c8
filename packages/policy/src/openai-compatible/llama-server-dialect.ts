/**
 * @file llama.cpp's `llama-server`, by `tools/server/server-context.cpp` of late 2026: its own route `/completion`.
 * Two of its ways matter here. It leaves out the log-probabilities of the stop text's last tokens (as many as the text
 * itself has) and of tokens that end within a character, and the whole list where that is all: those are scored in a second
 * pass. And it has no prompt log-probabilities: a position is scored by forcing its token, which leaves the reported
 * log-probability alone.
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
import type { EngineHost } from "./engine-host.ts";
import type { EngineHttp } from "./engine-http.ts";
import { LlamaServerAdapters } from "./llama-server-adapters.ts";
import { actionOf, completionSchema, forced, sampling } from "./llama-server-completion.ts";
import type { LlamaCompletion } from "./llama-server-completion.ts";

const ids = z.array(z.int().nonnegative());
const propsSchema = z.object({ default_generation_settings: z.object({ n_ctx: z.int().positive() }) });

/** @param host starts the server anew for every adapter; null for a server that somebody else started */
export function createLlamaServerDialect(http: EngineHttp, host: EngineHost | null): EngineDialect {
  return new LlamaServerDialect(http, host);
}

class LlamaServerDialect implements EngineDialect {
  readonly adapterFormat = "gguf";
  /** Its log-probabilities are those of the logits; those after sampling would be none at temperature 0. */
  readonly canFollowTemperature = false;
  readonly adapterHint =
    "llama-server loads adapters at its start alone: give it --lora with the adapter's whole path, as sharedFolder maps it";
  readonly trainingHint = "use a llama-server whose /completion knows return_tokens and n_probs";
  readonly #http: EngineHttp;
  readonly #host: EngineHost | null;
  readonly #adapters: LlamaServerAdapters;
  /** In tokens. */
  readonly #lengthOfStopText = new Map<string, number>();

  constructor(http: EngineHttp, host: EngineHost | null) {
    this.#http = http;
    this.#host = host;
    this.#adapters = new LlamaServerAdapters(http);
  }

  /** The context of one slot. */
  async describe(signal?: AbortSignal): Promise<Outcome<EngineDescription>> {
    const props = await this.#http.ask({ method: "GET", path: "/props" }, propsSchema, signal);
    if (!props.ok) return props;
    const listed = await this.#adapters.refresh();
    return listed.ok ? succeed({ contextTokens: props.value.default_generation_settings.n_ctx }) : listed;
  }

  async tokenize(text: string): Promise<Outcome<readonly number[]>> {
    const body = { content: text, add_special: false, parse_special: false };
    const reply = await this.#http.ask({ method: "POST", path: "/tokenize", body }, z.object({ tokens: ids }));
    return reply.ok ? succeed(reply.value.tokens) : reply;
  }

  async detokenize(tokens: readonly number[]): Promise<Outcome<string>> {
    const schema = z.object({ content: z.string() });
    const reply = await this.#http.ask({ method: "POST", path: "/detokenize", body: { tokens } }, schema);
    return reply.ok ? succeed(reply.value.content) : reply;
  }

  async sample(request: EngineSampleRequest, signal?: AbortSignal): Promise<Outcome<EngineAction>> {
    const completion = await this.#complete(request.adapter, sampling(request), signal);
    if (!completion.ok) return completion;
    const logProbs = await this.#logProbs(request, completion.value, signal);
    if (!logProbs.ok) return logProbs;
    const confirmed = await this.#adapters.confirm(signal);
    return confirmed.ok ? succeed(actionOf(completion.value, logProbs.value)) : confirmed;
  }

  async score(request: EngineScoreRequest, signal?: AbortSignal): Promise<Outcome<readonly number[]>> {
    const scores = await this.#scores(request, signal);
    const confirmed = scores.ok ? await this.#adapters.confirm(signal) : scores;
    return confirmed.ok ? scores : confirmed;
  }

  /** One request a position: everything before its last token comes from the server's cache. */
  async #scores(request: EngineScoreRequest, signal?: AbortSignal): Promise<Outcome<readonly number[]>> {
    const scores: number[] = [];
    for (const t of request.positions) {
      const scored = await this.#scoreAt(request, t, signal);
      if (!scored.ok) return scored;
      scores.push(scored.value);
    }
    return succeed(scores);
  }

  async adapters(): Promise<Outcome<readonly string[]>> {
    return succeed(this.#adapters.names());
  }

  async loadAdapter(name: string, path: string): Promise<Outcome<void>> {
    const restarted = await this.#restart(path);
    return restarted.ok ? this.#adapters.find(name, path) : restarted;
  }

  /** A server that somebody else started keeps its adapters; only the name is forgotten. */
  async unloadAdapter(name: string): Promise<Outcome<void>> {
    const restarted = await this.#restart(null);
    if (!restarted.ok) return restarted;
    this.#adapters.forget(name);
    return this.#adapters.refresh();
  }

  async #restart(adapterPath: string | null): Promise<Outcome<void>> {
    if (this.#host === null) return succeed(undefined);
    const restarted = await this.#host.restart(adapterPath);
    if (restarted.ok) this.#adapters.forgetAll();
    return restarted;
  }

  async #complete(
    adapter: string | null,
    body: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Outcome<LlamaCompletion>> {
    const lora = this.#adapters.scales(adapter);
    if (!lora.ok) return lora;
    const whole = { ...body, lora: lora.value, stream: false, cache_prompt: this.#mayCache() };
    const request = { method: "POST", path: "/completion", body: whole } as const;
    const completion = await this.#http.ask(request, completionSchema, signal);
    const others = completion.ok ? this.#adapters.others(completion.value, adapter) : null;
    return others === null ? completion : fail(otherWeights(others));
  }

  /**
   * The server's cache in memory takes what it evaluated with one adapter for another's. One that is started here has none;
   * of any other with adapters nobody can tell.
   */
  #mayCache(): boolean {
    return this.#host !== null || this.#adapters.areNone();
  }

  async #scoreAt({ tokens, adapter }: EngineScoreRequest, t: number, signal?: AbortSignal): Promise<Outcome<number>> {
    const token = tokens[t] as number;
    const context = tokens.slice(0, t);
    const completion = await this.#complete(adapter, forced(context, token), signal);
    if (!completion.ok) return completion;
    const [reported] = completion.value.completion_probabilities ?? [];
    if (reported?.id === token && reported.logprob !== undefined) return succeed(reported.logprob);
    if (reported !== undefined) return notScored(`token ${reported.id} came where ${token} was forced`);
    return this.#scoreAmong({ tokens: context, adapter }, token, signal);
  }

  /** For a token that ends within a character, which is never reported itself: among the likeliest beside another. */
  async #scoreAmong(
    { tokens: context, adapter }: Pick<EngineScoreRequest, "tokens" | "adapter">,
    token: number,
    signal?: AbortSignal,
  ): Promise<Outcome<number>> {
    const whole = await this.tokenize("a");
    if (!whole.ok) return whole;
    const completion = await this.#complete(adapter, forced(context, whole.value[0] ?? 0, likeliest), signal);
    if (!completion.ok) return completion;
    const [reported] = completion.value.completion_probabilities ?? [];
    const found = reported?.top_logprobs?.find(({ id }) => id === token)?.logprob;
    return found === undefined ? notScored(`token ${token} is not among the ${likeliest} likeliest`) : succeed(found);
  }

  /** One for each token: the reported ones as far as they are certain, the others scored. */
  async #logProbs(
    request: EngineSampleRequest,
    completion: LlamaCompletion,
    signal?: AbortSignal,
  ): Promise<Outcome<readonly (number | null)[] | null>> {
    // Where it leaves out every one, it leaves out the list.
    const { tokens, completion_probabilities: entries = [] } = completion;
    if (tokens === undefined) return succeed(null);
    const leftOut = await this.#leftOutAtEnd(completion);
    if (!leftOut.ok) return leftOut;
    // Where more is missing than the stop text's tokens, some within are: no telling which, so all are scored.
    const certain = entries.length + leftOut.value === tokens.length ? entries.length : 0;
    const reported = entries
      .slice(0, certain)
      .map(({ id, logprob }, i) => (id === tokens[i] ? (logprob ?? null) : null));
    if (certain === tokens.length) return succeed(reported);
    const whole = [...request.tokens, ...tokens];
    const positions = tokens.slice(certain).map((_, i) => request.tokens.length + certain + i);
    const scored = await this.#scores({ tokens: whole, positions, adapter: request.adapter }, signal);
    if (!scored.ok) return scored.failure.code === "score-not-supported" ? succeed(null) : scored;
    return succeed([...reported, ...scored.value]);
  }

  /** How many log-probabilities the server leaves out at the end of an action that stopped at a text. */
  async #leftOutAtEnd({ stop_type: stop, stopping_word: text }: LlamaCompletion): Promise<Outcome<number>> {
    if (stop !== "word" || text === undefined) return succeed(0);
    const known = this.#lengthOfStopText.get(text);
    if (known !== undefined) return succeed(known);
    const tokens = await this.tokenize(text);
    if (!tokens.ok) return tokens;
    this.#lengthOfStopText.set(text, tokens.value.length);
    return succeed(tokens.value.length);
  }
}

/** How many of the likeliest tokens are looked through for one that is not reported itself. */
const likeliest = 1000;

function notScored(reason: string): Outcome<never> {
  return fail(engineFailure("score-not-supported", `llama-server does not score a position: ${reason}`));
}
