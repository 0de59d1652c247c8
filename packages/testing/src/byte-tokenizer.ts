import type { Tokenizer } from "@litmus/core";
import { sha256 } from "@litmus/core";

const special = { beginOfSequence: 256, endOfSequence: 257, endOfTurn: 258, startOfTurn: 259 };

/** One token for each UTF-8 byte, and four control ids above: a tokenizer that needs no model. */
export function createByteTokenizer(): Tokenizer {
  return {
    vocabularySize: 260,
    sha256: sha256("litmus byte tokenizer v1"),
    special,
    endTokens: [special.endOfSequence, special.endOfTurn],
    encode: (text) => [...new TextEncoder().encode(text)],
    decode: (tokens) =>
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(tokens.filter((token) => token < 256))),
    isControl: (token) => token >= 256,
  };
}
