/** @file The two graphs of the vocabulary head, over some positions (P, free) and one slice of the vocabulary (C). */
import { GraphBuilder } from "../onnx/graph-builder.ts";

export interface HeadShape {
  /** C. */
  readonly slice: number;
  readonly width: number;
}

const positions = "positions";

/**
 * Logits of a slice, with what a log-sum-exp and an entropy over all slices need.
 * hidden [P, width], embedding [C, width] → logits [P, C]; maximum, sum = Σ e and weighted = Σ e · (logit − maximum), each [P, 1], with e = exp(logit − maximum).
 */
export function logitsGraph(shape: HeadShape): Uint8Array {
  const builder = new GraphBuilder("logits");
  const hidden = builder.input("hidden", [positions, shape.width]);
  const embedding = builder.input("embedding", [shape.slice, shape.width]);
  const logits = builder.emit("MatMul", [hidden, builder.emit("Transpose", [embedding], { perm: [1, 0] })]);
  const overVocabulary = builder.integers([1]);
  const maximum = builder.emit("ReduceMax", [logits, overVocabulary], { keepdims: 1 });
  const shifted = builder.emit("Sub", [logits, maximum]);
  const exponentials = builder.emit("Exp", [shifted]);
  const sum = builder.emit("ReduceSum", [exponentials, overVocabulary], { keepdims: 1 });
  const weighted = builder.emit("ReduceSum", [builder.emit("Mul", [exponentials, shifted]), overVocabulary], {
    keepdims: 1,
  });
  builder.output("logits", logits, [positions, shape.slice]);
  builder.output("maximum", maximum, [positions, 1]);
  builder.output("sum", sum, [positions, 1]);
  builder.output("weighted", weighted, [positions, 1]);
  return builder.encode();
}

/**
 * The part of the gradient for the hidden states that comes through a slice's log-probabilities lp = logits − logSumExp:
 * logits [P, C], logSumExp [P, 1], scale [P, 1], embedding [C, width], before [P, width] → after = before + (exp(lp) · scale) · embedding.
 * With entropies, whose derivative for a logit is −exp(lp) · (lp + entropy), the factor is scale + entropyScale · lp.
 */
export function headGradientGraph(shape: HeadShape, terms: { readonly entropies: boolean }): Uint8Array {
  const builder = new GraphBuilder("head-gradient");
  const logits = builder.input("logits", [positions, shape.slice]);
  const logSumExp = builder.input("logSumExp", [positions, 1]);
  const scale = builder.input("scale", [positions, 1]);
  const entropyScale = terms.entropies ? builder.input("entropyScale", [positions, 1]) : null;
  const embedding = builder.input("embedding", [shape.slice, shape.width]);
  const before = builder.input("before", [positions, shape.width]);
  const logProbs = builder.emit("Sub", [logits, logSumExp]);
  const factor =
    entropyScale === null ? scale : builder.emit("Add", [builder.emit("Mul", [logProbs, entropyScale]), scale]);
  const product = builder.emit("MatMul", [builder.emit("Mul", [builder.emit("Exp", [logProbs]), factor]), embedding]);
  builder.output("after", builder.emit("Add", [before, product]), [positions, shape.width]);
  return builder.encode();
}
