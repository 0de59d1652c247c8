import type { TextCodec } from "./text-codec.ts";

/** Characters of a token in English prose: what LangChain counts with where it knows no tokenizer. */
const charactersPerToken = 4;

const piece = new RegExp(`[^]{1,${charactersPerToken}}`, "gu");

/** Stands in for a tokenizer that is not known: every four characters are a token. */
export const estimatingCodec: TextCodec<string> = {
  encode: (text) => text.match(piece) ?? [],
  decode: (tokens) => tokens.join(""),
};

/** Tokens that a text is likely to take, within about a third either way for English. */
export const estimatedTokens = (text: string): number => estimatingCodec.encode(text).length;
