/**
 * @file Losses over policy-token log-probabilities, each with its derivative.
 * PPO's clipped ratio: arXiv:1707.06347. Truncated importance sampling: the sampler's μ is corrected by min(old/μ, truncation).
 * Departs from both: log-ratios are clamped to ±20 before the exponential, so that one broken token cannot make the loss infinite.
 */
import { LitmusError } from "@litmus/core";
import type { LossSpec } from "@litmus/core";

/** Values of one sequence's S policy tokens, log-probabilities in nats. */
export interface TokenLossInput {
  /** Under the trainer now. */
  readonly logProbs: ArrayLike<number>;
  /** Under the trainer before the first update on this batch; null = equal to `logProbs`. */
  readonly oldLogProbs: ArrayLike<number> | null;
  /** Under the policy that sampled; null where it is not known. */
  readonly behaviourLogProbs: ArrayLike<number> | null;
  readonly advantages: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

export interface TokenLoss {
  /** Σ weight · token loss. */
  readonly value: number;
  /** S derivatives of `value` with respect to `logProbs`. */
  readonly derivative: Float64Array;
  /** How many tokens' ratios were clipped, so that their derivative is 0. */
  readonly clipped: number;
}

interface OneToken {
  readonly value: number;
  readonly derivative: number;
  readonly isClipped: boolean;
}

const maxLogRatio = 20;

/**
 * The loss of one sequence and its derivative with respect to each token's log-probability.
 * @throws LitmusError `invalid-input` when lengths differ, when the loss needs μ and it is null, or when cross-entropy gets an advantage that is not 1
 */
export function tokenLoss(spec: LossSpec, input: TokenLossInput): TokenLoss {
  checkLengths(input);
  const tokenAt = tokenFunction(spec, input);
  const derivative = new Float64Array(input.logProbs.length);
  let value = 0;
  let clipped = 0;
  for (let token = 0; token < derivative.length; token++) {
    const one = tokenAt(token);
    const weight = at(input.weights, token);
    value += weight * one.value;
    derivative[token] = weight * one.derivative;
    if (one.isClipped) clipped += 1;
  }
  return { value, derivative, clipped };
}

function tokenFunction(spec: LossSpec, input: TokenLossInput): (token: number) => OneToken {
  switch (spec.type) {
    case "cross_entropy":
      return (token) => crossEntropy(at(input.logProbs, token), at(input.advantages, token));
    case "importance_sampling": {
      const behaviour = required(input.behaviourLogProbs, "importance_sampling");
      return (token) =>
        importanceSampling(at(input.logProbs, token) - at(behaviour, token), at(input.advantages, token));
    }
    case "ppo": {
      const correctionAt = truncatedCorrection(spec.truncation, input);
      const old = input.oldLogProbs ?? input.logProbs;
      return (token) => {
        const logRatio = at(input.logProbs, token) - at(old, token);
        return clippedRatio(spec, {
          logRatio,
          advantage: at(input.advantages, token),
          correction: correctionAt(token),
        });
      };
    }
    default:
      return spec satisfies never;
  }
}

function crossEntropy(logProb: number, advantage: number): OneToken {
  if (advantage !== 1) throw new LitmusError("invalid-input", "cross-entropy takes no advantage: each must be 1");
  return { value: -logProb, derivative: -1, isClipped: false };
}

function importanceSampling(logRatio: number, advantage: number): OneToken {
  const ratio = clampedRatio(logRatio);
  return { value: -ratio.value * advantage, derivative: -ratio.derivative * advantage, isClipped: false };
}

interface PpoSpec {
  readonly clipLow: number;
  readonly clipHigh: number;
}

function clippedRatio(spec: PpoSpec, token: { logRatio: number; advantage: number; correction: number }): OneToken {
  const ratio = clampedRatio(token.logRatio);
  const bounded = Math.min(Math.max(ratio.value, 1 - spec.clipLow), 1 + spec.clipHigh);
  const isClipped = bounded * token.advantage < ratio.value * token.advantage;
  const gain = (isClipped ? bounded : ratio.value) * token.advantage;
  const slope = isClipped ? 0 : ratio.derivative * token.advantage;
  return { value: -token.correction * gain, derivative: -token.correction * slope, isClipped };
}

/** min(old/μ, truncation) as a constant factor; 1 without truncation. */
function truncatedCorrection(truncation: number | null, input: TokenLossInput): (token: number) => number {
  if (truncation === null) return () => 1;
  const behaviour = required(input.behaviourLogProbs, "ppo with truncation");
  const old = input.oldLogProbs ?? input.logProbs;
  return (token) => Math.min(clampedRatio(at(old, token) - at(behaviour, token)).value, truncation);
}

function clampedRatio(logRatio: number): { value: number; derivative: number } {
  const value = Math.exp(Math.min(Math.max(logRatio, -maxLogRatio), maxLogRatio));
  return { value, derivative: Math.abs(logRatio) > maxLogRatio ? 0 : value };
}

function required(logProbs: ArrayLike<number> | null, loss: string): ArrayLike<number> {
  if (logProbs !== null) return logProbs;
  throw new LitmusError("invalid-input", `${loss} needs the log-probabilities under the policy that sampled`);
}

function checkLengths(input: TokenLossInput): void {
  const length = input.logProbs.length;
  const { oldLogProbs, behaviourLogProbs, advantages, weights } = input;
  for (const [name, values] of Object.entries({ oldLogProbs, behaviourLogProbs, advantages, weights })) {
    if (values !== null && values.length !== length) {
      throw new LitmusError("invalid-input", `${name} has ${values.length} entries for ${length} policy tokens`);
    }
  }
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}
