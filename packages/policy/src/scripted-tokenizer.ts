import { sha256 } from "@litmus/core";
import type { Tokenizer } from "@litmus/core";

const bytes = 256;
const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .";
const letters = alphabet.length;
/** The number of a byte in the alphabet; −1 for any other byte. */
const letterOf = Int8Array.from({ length: bytes }, (_, byte) => alphabet.indexOf(String.fromCharCode(byte)));
const packed = letters ** 3;
const firstControl = bytes + packed;
const special = {
  beginOfSequence: firstControl,
  endOfSequence: firstControl + 1,
  endOfTurn: firstControl + 2,
  startOfTurn: firstControl + 3,
};

/**
 * A reversible tokenizer that is made of no model, and about as thrifty as one: one token for each three neighbours among
 * 64 common characters, one for each other UTF-8 byte, and four control ids above them.
 */
export function createScriptedTokenizer(): Tokenizer {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    vocabularySize: firstControl + 4,
    sha256: sha256(`litmus scripted tokenizer 2 ${alphabet}`),
    special,
    endTokens: [special.endOfSequence, special.endOfTurn],
    encode: (text) => pack(encoder.encode(text)),
    decode: (tokens) => decoder.decode(Uint8Array.from(tokens.flatMap(unpack))),
    isControl: (token) => token >= firstControl,
  };
}

function pack(text: Uint8Array): number[] {
  const tokens: number[] = [];
  for (let start = 0; start < text.length;) {
    const three = packedToken(text, start);
    tokens.push(three ?? (text[start] as number));
    start += three === null ? 1 : 3;
  }
  return tokens;
}

/** The token of three bytes, or null where one of them is not of the alphabet. */
function packedToken(text: Uint8Array, start: number): number | null {
  let number = 0;
  for (let offset = 0; offset < 3; offset++) {
    const letter = letterOf[text[start + offset] ?? 0] ?? -1;
    if (letter < 0) return null;
    number = number * letters + letter;
  }
  return bytes + number;
}

function unpack(token: number): number[] {
  if (token >= firstControl) return [];
  if (token < bytes) return [token];
  const number = token - bytes;
  return [Math.floor(number / letters ** 2), Math.floor(number / letters) % letters, number % letters].map((letter) =>
    alphabet.charCodeAt(letter),
  );
}
