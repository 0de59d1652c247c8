/** @file The graph of the vocabulary head, over some positions (P, free) and one slice of the vocabulary (C). */
import { GraphBuilder } from "../onnx/graph-builder.ts";

export interface HeadShape {
  /** C. */
  readonly slice: number;
  readonly width: number;
}

/** What will be differentiated: nothing, log-probabilities, or entropies as well. */
export type HeadGradient = "none" | "log-probabilities" | "entropies";

/** What a graph carries from slice to slice, by name: columns [P, 1], or rows [P, width]. */
export const headState = {
  none: ["maximum", "sum", "weighted"],
  "log-probabilities": ["maximum", "sum", "weighted", "embedded"],
  entropies: ["maximum", "sum", "weighted", "embedded", "weightedEmbedded"],
} as const satisfies Record<HeadGradient, readonly string[]>;

export type HeadState = (typeof headState)["entropies"][number];

export const isRow = (name: HeadState): boolean => name === "embedded" || name === "weightedEmbedded";

/** The name of a state after a slice. */
export const after = (name: HeadState): string => `${name}After`;

const positions = "positions";

/**
 * One slice's part of softmax sums over the whole vocabulary, which no logits outlive ("online softmax").
 * hidden [P, width], embedding [C, width]; with logit = hidden · embedding, maximum m over all slices so far and e = exp(logit − m):
 * sum = Σ e, weighted = Σ e · (logit − m), embedded = Σ e · embedding, weightedEmbedded = Σ e · (logit − m) · embedding.
 * @see M. Milakov and N. Gimelshein, Online normalizer calculation for softmax, 2018 (arXiv 1805.02867); T. Dao et al., FlashAttention, 2022 (arXiv 2205.14135)
 */
export function headGraph({ slice, width }: HeadShape, gradient: HeadGradient): Uint8Array {
  const builder = new GraphBuilder("head");
  const hidden = builder.input("hidden", [positions, width]);
  const embedding = builder.input("embedding", [slice, width]);
  const shapeOf = (name: HeadState) => [positions, isRow(name) ? width : 1];
  const before = new Map<HeadState, string>(
    headState[gradient].map((name) => [name, builder.input(name, shapeOf(name))]),
  );
  const state = (name: HeadState): string => before.get(name) as string;
  const overVocabulary = builder.integers([1]);
  const total = (values: string) => builder.emit("ReduceSum", [values, overVocabulary], { keepdims: 1 });

  const logits = builder.emit("MatMul", [hidden, builder.emit("Transpose", [embedding], { perm: [1, 0] })]);
  const highest = builder.emit("ReduceMax", [logits, overVocabulary], { keepdims: 1 });
  const maximum = builder.emit("Max", [state("maximum"), highest]);
  const shifted = builder.emit("Sub", [logits, maximum]);
  const exponentials = builder.emit("Exp", [shifted]);
  const weighted = builder.emit("Mul", [exponentials, shifted]);
  // What was summed relative to the old maximum: e shrinks, and each shifted logit falls by as much as the maximum rose.
  const fall = builder.emit("Sub", [state("maximum"), maximum]);
  const shrink = builder.emit("Exp", [fall]);
  const carried = (old: string, added: string) => builder.emit("Add", [builder.emit("Mul", [old, shrink]), added]);
  const fallen = (old: string, sum: string) => builder.emit("Add", [old, builder.emit("Mul", [fall, sum])]);

  const results: Partial<Record<HeadState, string>> = {
    maximum,
    sum: carried(state("sum"), total(exponentials)),
    weighted: carried(fallen(state("weighted"), state("sum")), total(weighted)),
  };
  if (gradient !== "none")
    results.embedded = carried(state("embedded"), builder.emit("MatMul", [exponentials, embedding]));
  if (gradient === "entropies")
    results.weightedEmbedded = carried(
      fallen(state("weightedEmbedded"), state("embedded")),
      builder.emit("MatMul", [weighted, embedding]),
    );
  for (const name of headState[gradient]) builder.output(after(name), results[name] as string, shapeOf(name));
  return builder.encode();
}
