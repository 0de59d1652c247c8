/** Tokens of one sequence to evaluate in one batch. */
export interface EvaluationRow {
  readonly sequence: number;
  /** Position of the first token. */
  readonly start: number;
  readonly tokens: readonly number[];
  /** Indexes within `tokens`, ascending, after which the next-token distribution is wanted. */
  readonly outputs: readonly number[];
}

/** Names the distribution after one evaluated token; valid until the next evaluation. */
export type Output = number;

/** One sampled token. */
export interface Draw {
  readonly token: number;
  /** Natural log, under the full distribution at the temperature of the draw; at 1 where the draw is greedy. */
  readonly logProb: number;
}

export interface DrawOptions {
  /** 0 is greedy. */
  readonly temperature: number;
  /** Unsigned, 32 bits. */
  readonly seed: number;
}

/**
 * What the scheduler needs of a model: some sequences, each with a cache of evaluated tokens.
 * Calls are not concurrent, but for draws and log-probabilities between two evaluations.
 */
export interface SequenceEngine {
  /** Sequences have the ids [0, sequences). */
  readonly sequences: number;
  /** Tokens that one sequence can hold. */
  readonly contextTokens: number;
  /** Most tokens of one evaluation, over all its rows. */
  readonly batchTokens: number;
  readonly canCopy: boolean;
  /** Evaluates rows of different sequences, in ascending order of their ids. One list of outputs a row. */
  evaluate(rows: readonly EvaluationRow[]): Promise<readonly (readonly Output[])[]>;
  /** Draws from the whole distribution. */
  draw(output: Output, options: DrawOptions): Promise<Draw>;
  /** Log-probability of a token at temperature 1. */
  logProb(output: Output, token: number): Promise<number>;
  clear(sequence: number): void;
  /** Whether the cache holds all that the token at `length` sees. */
  canTruncate(sequence: number, length: number): boolean;
  /** Forgets the tokens from `length` on. False when the cache cannot: the sequence must then be cleared. */
  truncate(sequence: number, length: number): boolean;
  /** Makes `target` equal to `source`; only where `canCopy`. */
  copy(source: number, target: number): Promise<void>;
  /** Text of ids, as the tokenizer decodes them. */
  decode(tokens: readonly number[]): string;
  isEndToken(token: number): boolean;
}
