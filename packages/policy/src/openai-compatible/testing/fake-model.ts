import { createRng, deriveSeed } from "@litmus/core";

/** Logits of the next token: a pure function of what came before and of the adapter's name. */
export type FakeModel = (prefix: readonly number[], adapter: string | null) => readonly number[];

/** One token a byte, and four control ids, as in the byte tokenizer. */
const vocabularySize = 260;
const endOfSequence = 257;

/** A tiny language of letters and signs: all else is rare, so that actions are text, but not impossible. */
export const tinyModel: FakeModel = (prefix, adapter) => {
  const rng = createRng(deriveSeed(adapter ?? "base", prefix.length, ...prefix.slice(-4)));
  return Array.from({ length: vocabularySize }, (_, token) => {
    if (token === endOfSequence) return -2;
    return token >= 32 && token < 127 ? 2 * rng.normal() : -8;
  });
};

/** The tiny model with one token far above the others wherever the function names one. */
export function favouring(next: (prefix: readonly number[]) => number | undefined): FakeModel {
  return (prefix, adapter) => {
    const favoured = next(prefix);
    return tinyModel(prefix, adapter).map((logit, token) => (token === favoured ? 20 : logit));
  };
}

/** A model that says one thing after a context of that length, token by token. */
export function saying(tokens: readonly number[], contextLength: number): FakeModel {
  return favouring((prefix) => tokens[prefix.length - contextLength]);
}

/** Log-softmax at a temperature. */
export function logProbsOf(logits: readonly number[], temperature: number): readonly number[] {
  const scaled = logits.map((logit) => logit / temperature);
  const highest = Math.max(...scaled);
  const total = Math.log(scaled.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
  return scaled.map((logit) => logit - highest - total);
}
