import { sha256 } from "@litmus/core";
import type { Tokenizer } from "@litmus/core";

const bytes = 256;
const special = { beginOfSequence: bytes, endOfSequence: bytes + 1, endOfTurn: bytes + 2, startOfTurn: bytes + 3 };

/** One token for each UTF-8 byte and four control ids above them: reversible, and made of no model. */
export function createScriptedTokenizer(): Tokenizer {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    vocabularySize: bytes + 4,
    sha256: sha256("litmus scripted tokenizer 1"),
    special,
    endTokens: [special.endOfSequence, special.endOfTurn],
    encode: (text) => [...encoder.encode(text)],
    decode: (tokens) => decoder.decode(Uint8Array.from(tokens.filter((token) => token < bytes))),
    isControl: (token) => token >= bytes,
  };
}
