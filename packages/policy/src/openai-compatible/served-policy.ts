import { ConcurrencyLimit, EpisodeGate, fail, policyVersion, succeed } from "@litmus/core";
import type {
  AdapterReference,
  Outcome,
  PolicyIdentity,
  PolicyMetrics,
  SampleRequest,
  SampleResult,
  SampleUsage,
  ScoreRequest,
  Tokenizer,
  TokenPolicy,
} from "@litmus/core";
import { checkSampleRequest, checkScoreRequest } from "../sample-request-check.ts";
import type { Scores } from "../score-work.ts";
import { abortedFailure, unlessAborted } from "../unless-aborted.ts";

import type { EngineAction, EngineDialect } from "./engine-dialect.ts";
import { engineFailure } from "./engine-failure.ts";
import type { EngineHost } from "./engine-host.ts";
import { closedFailure } from "./engine-http.ts";
import type { EngineCapabilities } from "./probe-engine.ts";
import { readAction } from "./read-action.ts";
import { ServedAdapters } from "./served-adapters.ts";
import type { ServedPolicyParts } from "./served-policy-parts.ts";

/** A {@link TokenPolicy} whose model runs behind HTTP. */
export interface OpenAiCompatiblePolicy extends TokenPolicy {
  /** What the engine was found to do when the policy was made. */
  readonly capabilities: EngineCapabilities;
  /** Of the engine's process, where the policy runs it itself; null otherwise. Changes when it is started again. */
  readonly enginePid: number | null;
}

/** Lets episodes and versions pass in turn, asks the engine, and believes its answers only when they are whole. */
export class ServedPolicy implements OpenAiCompatiblePolicy {
  readonly tokenizer: Tokenizer;
  readonly contextTokens: number;
  readonly capabilities: EngineCapabilities;
  readonly #identity: Pick<PolicyIdentity, "engine" | "modelSha256">;
  readonly #engine: EngineDialect;
  readonly #host: EngineHost | null;
  readonly #closing: AbortController;
  readonly #gate = new EpisodeGate();
  readonly #limit: ConcurrencyLimit;
  readonly #adapters: ServedAdapters;
  #scores = 0;
  #restarts = 0;
  #sampledTokens = 0;
  #prefilledTokens = 0;

  constructor(parts: ServedPolicyParts) {
    const { options, engine, tokenizer } = parts;
    const { engine: name, modelSha256, model, acceptedBaseSha256, sharedFolder = null, keptAdapters } = options;
    this.tokenizer = tokenizer;
    this.contextTokens = parts.contextTokens;
    this.capabilities = parts.capabilities;
    this.#identity = { engine: name, modelSha256 };
    this.#engine = engine;
    this.#host = parts.host;
    this.#closing = parts.closing;
    this.#limit = new ConcurrencyLimit(options.maxConcurrency, parts.clock);
    const accepted = [modelSha256, ...acceptedBaseSha256];
    this.#adapters = new ServedAdapters({ engine, model, acceptedBaseSha256: accepted, sharedFolder, keptAdapters });
  }

  get enginePid(): number | null {
    return this.#host?.pid ?? null;
  }

  identity(): PolicyIdentity {
    const adapter = this.#adapters.reference;
    return {
      ...this.#identity,
      version: adapter?.version ?? policyVersion(0),
      adapterSha256: adapter?.sha256 ?? null,
    };
  }

  async sample(request: SampleRequest, signal?: AbortSignal): Promise<Outcome<SampleResult>> {
    const invalid = checkSampleRequest(request, this.#bounds()) ?? this.#refuseTemperature(request.temperature);
    if (invalid !== null) return fail(invalid);
    const outcome = await unlessAborted(this.#sample(request, signal), signal);
    if (!outcome.ok && outcome.failure.code === "aborted") this.release(request.episodeId);
    return outcome;
  }

  async score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Outcome<Scores>> {
    const bounds = this.#bounds();
    const invalid = requests.map((request) => checkScoreRequest(request, bounds)).find((failure) => failure !== null);
    if (invalid !== undefined) return fail(invalid);
    if (!this.capabilities.scores) {
      return fail(engineFailure("score-not-supported", "the engine was found not to score contexts"));
    }
    return unlessAborted(this.#score(requests, signal), signal);
  }

  release(episodeId: string): void {
    this.#gate.leave(episodeId);
  }

  async useAdapter(adapter: AdapterReference | null): Promise<void> {
    await this.#gate.alone(() => this.#adapters.use(adapter));
  }

  metrics(): PolicyMetrics {
    const [sampledTokens, prefilledTokens] = [this.#sampledTokens, this.#prefilledTokens];
    const restarts = this.#restarts + (this.#host?.restarts ?? 0);
    return { slotUse: this.#limit.use(), restarts, sampledTokens, prefilledTokens };
  }

  /** Ends what is under way. In an engine that somebody else runs the adapter in use stays loaded, for whoever asks next. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#host?.close();
  }

  async #sample(request: SampleRequest, signal?: AbortSignal): Promise<Outcome<SampleResult>> {
    if (!(await this.#gate.enter(request.episodeId, signal))) return fail(abortedFailure);
    if (this.#closing.signal.aborted) return fail(closedFailure);
    // Taken together: an episode that is released while it samples no longer holds the version back.
    const [policy, adapter] = [this.identity(), this.#adapters.name];
    if (request.tokens.length >= this.contextTokens) return succeed({ ...contextFull, policy });
    const sampled = await this.#restoring(adapter, () => this.#ask(request, adapter, signal));
    if (!sampled.ok) return sampled;
    const action = readAction(sampled.value, request, this);
    if (!action.ok) return action;
    const usage = this.#count(sampled.value, request.tokens.length, action.value.tokens.length);
    return succeed({ ...action.value, policy, usage });
  }

  #ask(request: SampleRequest, adapter: string | null, signal?: AbortSignal): Promise<Outcome<EngineAction>> {
    const { tokens, temperature, seed, stopTexts } = request;
    const maxTokens = Math.min(request.maxTokens, this.contextTokens - tokens.length);
    const { endTokens } = this.tokenizer;
    const asked = { tokens, maxTokens, temperature, seed, stopTexts, endTokens, adapter };
    return this.#limited(() => this.#engine.sample(asked, signal), signal);
  }

  async #score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Outcome<Scores>> {
    const id = `score ${this.#scores++}`;
    if (!(await this.#gate.enter(id, signal))) return fail(abortedFailure);
    try {
      const outcomes = await Promise.all(requests.map((request) => this.#scoreOne(request, signal)));
      const scores = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
      return outcomes.find((outcome) => !outcome.ok) ?? succeed(scores);
    } finally {
      this.#gate.leave(id);
    }
  }

  async #scoreOne({ tokens, positions }: ScoreRequest, signal?: AbortSignal): Promise<Outcome<readonly number[]>> {
    if (this.#closing.signal.aborted) return fail(closedFailure);
    if (positions.length === 0) return succeed([]);
    const adapter = this.#adapters.name;
    const ask = (): Promise<Outcome<readonly number[]>> =>
      this.#limited(() => this.#engine.score({ tokens, positions, adapter }, signal), signal);
    return this.#restoring(adapter, ask);
  }

  #limited<T>(task: () => Promise<Outcome<T>>, signal?: AbortSignal): Promise<Outcome<T>> {
    return this.#limit.run(async () => {
      if (signal?.aborted === true) return fail(abortedFailure);
      const running = await this.#host?.running();
      return running?.ok === false ? running : task();
    });
  }

  /** A restarted engine has forgotten its adapters: the one in use is loaded again, once, and asked again. */
  async #restoring<T>(adapter: string | null, ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const first = await ask();
    if (first.ok || first.failure.code !== "adapter-unknown" || adapter !== this.#adapters.name) return first;
    this.#restarts++;
    const restored = await this.#adapters.restore();
    return restored.ok ? ask() : restored;
  }

  #count({ cachedCount }: EngineAction, contextLength: number, sampledTokens: number): SampleUsage {
    const cachedTokens = Math.min(Math.max(cachedCount ?? 0, 0), contextLength);
    const prefilledTokens = contextLength - cachedTokens;
    this.#sampledTokens += sampledTokens;
    this.#prefilledTokens += prefilledTokens;
    return { prefilledTokens, cachedTokens, sampledTokens };
  }

  #refuseTemperature(temperature: number): ReturnType<typeof engineFailure> | null {
    if (this.capabilities.logProbsFollowTemperature || temperature === 0 || temperature === 1) return null;
    const message = `the engine reports log-probabilities of temperature 1, not of ${temperature}`;
    return engineFailure("temperature-not-reflected", message);
  }

  #bounds(): { vocabularySize: number; contextTokens: number } {
    return { vocabularySize: this.tokenizer.vocabularySize, contextTokens: this.contextTokens };
  }
}

const contextFull = {
  tokens: [],
  logProbs: [],
  stop: { type: "context-full" },
  usage: { prefilledTokens: 0, cachedTokens: 0, sampledTokens: 0 },
} as const;
