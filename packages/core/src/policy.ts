import type { Outcome } from "./failure.ts";
import type { PolicyVersion, Sha256 } from "./identity.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Which weights answered: stored with every trajectory. */
export interface PolicyIdentity {
  /** Of a chat model `chat:` and its name. */
  readonly engine: string;
  /** Of a chat model, whose weights are not seen, the hash of the engine's name. */
  readonly modelSha256: Sha256;
  readonly version: PolicyVersion;
  /** Null for the base policy. */
  readonly adapterSha256: Sha256 | null;
}

/** A published adapter: a file of its own for every version. */
export interface AdapterReference {
  readonly version: PolicyVersion;
  readonly path: string;
  readonly sha256: Sha256;
}

/** Asks for one action. */
export interface SampleRequest {
  /** One live episode; its cache is kept between turns until {@link TokenPolicy.release}. */
  readonly episodeId: string;
  /** The whole context, beginning of sequence included; from turn 2 on it extends the earlier context and action. */
  readonly tokens: readonly number[];
  /** How many leading tokens other episodes share (a group's prompt): prefilled once. 0 when unknown. */
  readonly sharedPrefixLength: number;
  /** Longest action, in tokens; at least 1. */
  readonly maxTokens: number;
  /** 0 is greedy; 1 in training. The distribution is never truncated. */
  readonly temperature: number;
  /** Seed of this turn; each token draws from `deriveSeed(seed, token index)`. */
  readonly seed: number;
  /** Sampling ends once the decoded action contains one of these; the last token stays whole. */
  readonly stopTexts: readonly string[];
}

/** Why sampling of one action ended. */
export type SampleStop =
  | { readonly type: "stop-text"; readonly text: string }
  | { readonly type: "end-token"; readonly token: number }
  | { readonly type: "max-tokens" }
  | { readonly type: "context-full" };

export interface SampleResult {
  /** The sampled ids, the end token included. */
  readonly tokens: readonly number[];
  /** Natural-log probability of each id under the full distribution at the request's temperature (at temperature 0: at 1). */
  readonly logProbs: readonly number[];
  readonly stop: SampleStop;
  readonly policy: PolicyIdentity;
  readonly usage: SampleUsage;
}

export interface SampleUsage {
  /** Context tokens evaluated for this action; those found in a cache are not counted. */
  readonly prefilledTokens: number;
  readonly cachedTokens: number;
  readonly sampledTokens: number;
}

/** Asks for teacher-forced log-probabilities. */
export interface ScoreRequest {
  readonly tokens: readonly number[];
  /** Positions t ≥ 1, ascending: the log-probability of tokens[t] given tokens[0..t). */
  readonly positions: readonly number[];
}

export interface PolicyMetrics {
  /** Decode slots in use over slots offered, in [0, 1], since the start. */
  readonly slotUse: number;
  readonly restarts: number;
  readonly sampledTokens: number;
  readonly prefilledTokens: number;
}

/** Ids in, ids and log-probabilities out: trainable. Methods returning an Outcome must not reject. */
export interface TokenPolicy {
  readonly tokenizer: Tokenizer;
  readonly contextTokens: number;
  identity(): PolicyIdentity;
  /** One action. Aborting the signal resolves with a failure of boundary `timeout`, code `aborted`. */
  sample(request: SampleRequest, signal?: AbortSignal): Promise<Outcome<SampleResult>>;
  score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Outcome<readonly (readonly number[])[]>>;
  /** Ends an episode and frees its slot; unknown episodes are ignored. */
  release(episodeId: string): void;
  /**
   * Switches to an adapter, or to the base with null. Waits for live episodes to be released first.
   * @throws LitmusError `corrupt-file` when the file's hash differs, `incompatible` when it does not fit the model
   */
  useAdapter(adapter: AdapterReference | null): Promise<void>;
  metrics(): PolicyMetrics;
  close(): Promise<void>;
}
