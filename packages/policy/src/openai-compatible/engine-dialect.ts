import type { Outcome } from "@litmus/core";

/** One action to be sampled, from the whole distribution. */
export interface EngineSampleRequest {
  /** The whole context as ids: no engine ever tokenises what a policy has sampled. */
  readonly tokens: readonly number[];
  readonly maxTokens: number;
  /** 0 is greedy. */
  readonly temperature: number;
  /** 32 bits. */
  readonly seed: number;
  readonly stopTexts: readonly string[];
  /** Ids that end an action. */
  readonly endTokens: readonly number[];
  /** Name of a loaded adapter; null for the base. */
  readonly adapter: string | null;
}

/** Asks for the log-probability, at temperature 1, of `tokens[t]` given `tokens[0..t)` for every position t. */
export interface EngineScoreRequest {
  readonly tokens: readonly number[];
  /** Ascending, at least 1. */
  readonly positions: readonly number[];
  readonly adapter: string | null;
}

/** What an engine says that it sampled: as it came, for {@link readAction} to believe or not. */
export interface EngineAction {
  /** The ids that the engine evaluated; null where it does not echo them. */
  readonly promptTokens: readonly number[] | null;
  /** How many they were; null where it does not say. */
  readonly promptCount: number | null;
  /** The sampled ids; null where they are missing. */
  readonly tokens: readonly number[] | null;
  /** How many the engine says it sampled; null where it does not say. */
  readonly sampledCount: number | null;
  /** One for each id, in nats; null where they are missing. */
  readonly logProbs: readonly (number | null)[] | null;
  readonly finish: "stop" | "length" | "aborted";
  /** Context tokens found in a cache; null where the engine does not say. */
  readonly cachedCount: number | null;
}

/** What an engine says of itself. */
export interface EngineDescription {
  /** Longest context that can be sampled from and scored. */
  readonly contextTokens: number;
}

/**
 * How one engine is asked: its routes, its field names, its ways. Methods never reject. Where an engine says which
 * weights answered, others than those asked for are a failure `wrong-policy`; all else is checked once, for all alike.
 */
export interface EngineDialect {
  /** In which form adapters are read: a PEFT folder, or a GGUF file. */
  readonly adapterFormat: "peft" | "gguf";
  /** What must be true of the engine's start for adapters to work. */
  readonly adapterHint: string;
  /** What must be true of the engine's start for ids and log-probabilities to come back. */
  readonly trainingHint: string;
  /** Whether it can report log-probabilities after the temperature, if it is started so. */
  readonly canFollowTemperature: boolean;
  describe(signal?: AbortSignal): Promise<Outcome<EngineDescription>>;
  /** Ids of plain text, with no special token added. */
  tokenize(text: string): Promise<Outcome<readonly number[]>>;
  detokenize(tokens: readonly number[]): Promise<Outcome<string>>;
  sample(request: EngineSampleRequest, signal?: AbortSignal): Promise<Outcome<EngineAction>>;
  /** One log-probability a position; failure `score-not-supported` where the engine cannot. */
  score(request: EngineScoreRequest, signal?: AbortSignal): Promise<Outcome<readonly number[]>>;
  /** Names of the adapters that can be sampled from. */
  adapters(): Promise<Outcome<readonly string[]>>;
  /** Makes an adapter available under a name that was never used for another. @param path as the engine names it */
  loadAdapter(name: string, path: string): Promise<Outcome<void>>;
  unloadAdapter(name: string): Promise<Outcome<void>>;
}
