import type { Datum, OptimizerSettings } from "@litmus/core";

/** Something to learn, in ids of the byte tokenizer. */
export const lesson: Datum = {
  id: "lesson",
  tokens: [256, 65, 66, 67],
  positions: [2, 3],
  weights: [1, 1],
  advantages: [1, 1],
  behaviourLogProbs: null,
  oldLogProbs: null,
  referenceLogProbs: null,
};

export const settings: OptimizerSettings = {
  learningRate: 0.05,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: Infinity,
};
