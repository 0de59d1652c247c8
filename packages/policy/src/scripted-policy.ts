import { EpisodeGate, deriveSeed, fail, policyVersion, sha256, succeed } from "@litmus/core";
import type {
  AdapterReference,
  Failure,
  Outcome,
  PolicyIdentity,
  PolicyMetrics,
  SampleRequest,
  SampleResult,
  SampleStop,
  ScoreRequest,
  Tokenizer,
  TokenPolicy,
} from "@litmus/core";
import { commonPrefixLength } from "./cached-sequence.ts";
import { checkSampleRequest, checkScoreRequest } from "./sample-request-check.ts";
import type { Scores } from "./score-work.ts";
import { createScriptedTokenizer } from "./scripted-tokenizer.ts";
import { observationsAfterQuestion, searchScript } from "./search-script.ts";
import type { Script } from "./search-script.ts";
import { stopAfter } from "./stop-rule.ts";
import { unlessAborted } from "./unless-aborted.ts";

export interface ScriptedPolicyOptions {
  /** {@link searchScript} by default. */
  readonly script?: Script;
  /** {@link createScriptedTokenizer} by default. */
  readonly tokenizer?: Tokenizer;
  /** 1,000,000 by default. */
  readonly contextTokens?: number;
  /** Milliseconds that a request takes, 0 by default; Infinity answers only to its signal. */
  readonly latencyMs?: (request: SampleRequest) => number;
  /** A failure to answer with instead of an action; `call` counts the requests from 1. `model-process-exited` counts as a restart. */
  readonly failWhen?: (request: SampleRequest, call: number) => Failure | null;
}

/**
 * A policy without a model: actions are a pure function of the context, the seed and the version, log-probabilities of
 * the tokens before and the version. Adapters count by their version alone; their files are not read.
 */
export function createScriptedPolicy(options: ScriptedPolicyOptions = {}): TokenPolicy {
  return new ScriptedPolicy(options);
}

class ScriptedPolicy implements TokenPolicy {
  readonly tokenizer: Tokenizer;
  readonly contextTokens: number;
  readonly #options: ScriptedPolicyOptions;
  readonly #gate = new EpisodeGate();
  /** The context of every live episode, its last action included: as a cache would hold it. */
  readonly #caches = new Map<string, readonly number[]>();
  #adapter: AdapterReference | null = null;
  #calls = 0;
  #restarts = 0;
  #sampledTokens = 0;
  #prefilledTokens = 0;
  #isClosed = false;

  constructor(options: ScriptedPolicyOptions) {
    this.#options = options;
    this.tokenizer = options.tokenizer ?? createScriptedTokenizer();
    this.contextTokens = options.contextTokens ?? 1_000_000;
  }

  identity(): PolicyIdentity {
    return {
      engine: "scripted",
      modelSha256: sha256("scripted"),
      version: this.#adapter?.version ?? policyVersion(0),
      adapterSha256: this.#adapter?.sha256 ?? null,
    };
  }

  async sample(request: SampleRequest, signal?: AbortSignal): Promise<Outcome<SampleResult>> {
    const invalid = checkSampleRequest(request, this.#bounds());
    if (invalid !== null) return fail(invalid);
    const outcome = await unlessAborted(this.#sample(request, signal), signal);
    if (!outcome.ok && outcome.failure.code === "aborted") this.release(request.episodeId);
    return outcome;
  }

  async score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Outcome<Scores>> {
    const bounds = this.#bounds();
    const invalid = requests.map((request) => checkScoreRequest(request, bounds)).find((failure) => failure !== null);
    if (invalid !== undefined) return fail(invalid);
    if (this.#isClosed) return fail(closed);
    const scores = requests.map(({ tokens, positions }) =>
      positions.map((position) => this.#logProb(tokens, position)),
    );
    return unlessAborted(Promise.resolve(succeed(scores)), signal);
  }

  release(episodeId: string): void {
    this.#caches.delete(episodeId);
    this.#gate.leave(episodeId);
  }

  async useAdapter(adapter: AdapterReference | null): Promise<void> {
    await this.#gate.alone(async () => {
      this.#adapter = adapter;
    });
  }

  metrics(): PolicyMetrics {
    const slotUse = this.#sampledTokens === 0 ? 0 : 1;
    const [sampledTokens, prefilledTokens] = [this.#sampledTokens, this.#prefilledTokens];
    return { slotUse, restarts: this.#restarts, sampledTokens, prefilledTokens };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  async #sample(request: SampleRequest, signal?: AbortSignal): Promise<Outcome<SampleResult>> {
    await this.#gate.enter(request.episodeId, signal);
    await delay(this.#options.latencyMs?.(request) ?? 0);
    if (this.#isClosed) return fail(closed);
    this.#calls++;
    const failure = this.#options.failWhen?.(request, this.#calls) ?? null;
    if (failure?.code === "model-process-exited") this.#restarts++;
    return failure === null ? succeed(this.#act(request)) : fail(failure);
  }

  #act(request: SampleRequest): SampleResult {
    const { tokens: context, seed, episodeId } = request;
    const text = this.tokenizer.decode(context);
    const turn = observationsAfterQuestion(text);
    const script = this.#options.script ?? searchScript;
    const { version } = this.identity();
    const { tokens, stop } = this.#spell(request, script({ text, turn, seed, version }));
    const whole = [...context, ...tokens];
    const cachedTokens = commonPrefixLength(this.#caches.get(episodeId) ?? [], context);
    const usage = { prefilledTokens: context.length - cachedTokens, cachedTokens, sampledTokens: tokens.length };
    this.#caches.set(episodeId, whole);
    this.#sampledTokens += usage.sampledTokens;
    this.#prefilledTokens += usage.prefilledTokens;
    const logProbs = tokens.map((_, i) => this.#logProb(whole, context.length + i));
    return { tokens, logProbs, stop, policy: this.identity(), usage };
  }

  /** The tokens of a text, then the end token, up to where sampling stops. */
  #spell(request: SampleRequest, text: string): { readonly tokens: readonly number[]; readonly stop: SampleStop } {
    if (request.tokens.length >= this.contextTokens) return { tokens: [], stop: { type: "context-full" } };
    const { endOfSequence } = this.tokenizer.special;
    const tokens: number[] = [];
    for (const token of [...this.tokenizer.encode(text), endOfSequence]) {
      tokens.push(token);
      const stop = stopAfter(this.#stopContext(), request, tokens);
      if (stop !== null) return { tokens, stop };
    }
    return { tokens, stop: { type: "end-token", token: endOfSequence } };
  }

  #stopContext(): Parameters<typeof stopAfter>[0] {
    const { tokenizer, contextTokens } = this;
    const isEndToken = (token: number): boolean => tokenizer.endTokens.includes(token);
    return { contextTokens, isEndToken, decode: (tokens) => tokenizer.decode(tokens) };
  }

  /** In (−3, 0): a hash of the token, of the three before it, of its position and of the version. */
  #logProb(tokens: readonly number[], position: number): number {
    const { version } = this.identity();
    const hash = deriveSeed("log-prob", version, position, ...tokens.slice(Math.max(0, position - 3), position + 1));
    return -(3 * (hash + 1)) / (2 ** 32 + 2);
  }

  #bounds(): { vocabularySize: number; contextTokens: number } {
    return { vocabularySize: this.tokenizer.vocabularySize, contextTokens: this.contextTokens };
  }
}

const closed: Failure = {
  boundary: "policy",
  code: "policy-closed",
  message: "the policy is closed",
  retryable: false,
};

function delay(milliseconds: number): Promise<void> {
  if (milliseconds <= 0) return Promise.resolve();
  if (milliseconds === Infinity) return new Promise(() => {});
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
