import type { Sha256 } from "./identity.ts";

/** Text to ids and back, with special-token parsing off: text can never become a control id. */
export interface Tokenizer {
  readonly vocabularySize: number;
  /** Hash of the vocabulary: sampler and trainer must agree. */
  readonly sha256: Sha256;
  readonly special: {
    readonly beginOfSequence: number;
    readonly endOfSequence: number;
    /** End of a chat turn, where the model has one. */
    readonly endOfTurn: number | null;
    /** Start of a chat turn, where the model has one: chat prompts insert it as an id. */
    readonly startOfTurn?: number | null;
  };
  /** Ids that end generation when sampled. */
  readonly endTokens: readonly number[];
  /** Ids of plain text; no special token is recognised or added. */
  encode(text: string): number[];
  /** Text of ids; special tokens are left out. */
  decode(tokens: readonly number[]): string;
  /** Whether the id is a control token, which no observation may hold. */
  isControl(token: number): boolean;
}
