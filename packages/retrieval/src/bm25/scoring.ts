/**
 * @file BM25 as Lucene's BM25Similarity computes it, in the same 32-bit steps, so that scores are equal and not only
 * close: score = w − w / (1 + tf · n), with w = qf · idf and n the inverse of k1 · (1 − b + b · length / average).
 */
import { LitmusError } from "@litmus/core";
import { decodeLength } from "./length-byte.ts";

/** Saturation and length normalisation. */
export interface Bm25Parameters {
  /** At least 0. */
  readonly k1: number;
  /** In [0, 1]. */
  readonly b: number;
}

/** `anserini`: as published for BioASQ and PaperSearchQA; `elasticsearch`: the default of Lucene and Elasticsearch. */
export const bm25Presets = {
  anserini: { k1: 0.9, b: 0.4 },
  elasticsearch: { k1: 1.2, b: 0.75 },
} as const satisfies Record<string, Bm25Parameters>;

export type Bm25Preset = keyof typeof bm25Presets;

/** A preset by name, or own values. */
export type Bm25Choice = { readonly preset: Bm25Preset } | Bm25Parameters;

/** @throws LitmusError `invalid-config` for values outside their range */
export function resolveBm25(choice: Bm25Choice): Bm25Parameters {
  const { k1, b } = "preset" in choice ? bm25Presets[choice.preset] : choice;
  if (Number.isFinite(k1) && k1 >= 0 && b >= 0 && b <= 1) return { k1, b };
  throw new LitmusError("invalid-config", `BM25 needs k1 ≥ 0 and 0 ≤ b ≤ 1, not k1 ${k1} and b ${b}`, {
    path: "bm25",
    hint: "Use the preset anserini (0.9, 0.4) or elasticsearch (1.2, 0.75).",
  });
}

const { fround } = Math;

/** How rare a term is: ln(1 + (N − df + ½) / (df + ½)), over the documents that have any term. */
export function inverseDocumentFrequency(documentsWithTerm: number, documents: number): number {
  return fround(Math.log(1 + (documents - documentsWithTerm + 0.5) / (documentsWithTerm + 0.5)));
}

/** For each length byte, 1 / (k1 · (1 − b + b · length / average)). `averageLength` in tokens. */
export function inverseNorms(parameters: Bm25Parameters, averageLength: number): Float32Array {
  const k1 = fround(parameters.k1);
  const b = fround(parameters.b);
  const average = fround(averageLength);
  return Float32Array.from({ length: 256 }, (_, byte) => {
    const relative = fround(fround(b * fround(decodeLength(byte))) / average);
    return fround(1 / fround(k1 * fround(fround(1 - b) + relative)));
  });
}

/** One term's part of a score. `weight`: occurrences in the query times inverse document frequency. */
export function termScore(weight: number, frequency: number, inverseNorm: number): number {
  return fround(weight - fround(weight / fround(1 + fround(frequency * inverseNorm))));
}
