/**
 * @file Losses over policy-token log-probabilities, each with its derivative.
 * A departure from the papers: log-ratios are clamped to ±20 before the exponential, so that one broken token cannot make
 * the loss infinite; beyond, a ratio has no derivative.
 */
import { LitmusError } from "@litmus/core";
import type { ClippedRatio, LossSpec, RegularizationTerms } from "@litmus/core";
import { klTerm } from "./kl-term.ts";

/** Values of one sequence's S policy tokens, log-probabilities in nats. */
export interface TokenLossInput {
  /** Under the trainer now. */
  readonly logProbs: ArrayLike<number>;
  /** Of the trainer's distribution at each token, in nats; read where the loss has an entropy bonus. */
  readonly entropies: ArrayLike<number>;
  /** Under the trainer before the first update on this batch; null = equal to `logProbs`. */
  readonly oldLogProbs: ArrayLike<number> | null;
  /** Under the policy that sampled; null where it is not known. */
  readonly behaviourLogProbs: ArrayLike<number> | null;
  /** Under the frozen reference; null where it is not known. */
  readonly referenceLogProbs: ArrayLike<number> | null;
  readonly advantages: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

export interface TokenLoss {
  /** Σ weight · token loss. */
  readonly value: number;
  /** S derivatives of `value` with respect to `logProbs`. */
  readonly derivative: Float64Array;
  /** S derivatives of `value` with respect to `entropies`. */
  readonly entropyDerivative: Float64Array;
  /** How many tokens' ratios were clipped or bounded. */
  readonly clipped: number;
}

interface OneToken {
  readonly value: number;
  readonly derivative: number;
  readonly isClipped: boolean;
}

type TokenFunction = (token: number) => OneToken;

const maxLogRatio = 20;

/**
 * The loss of one sequence, with its derivatives for each token's log-probability and entropy.
 * @throws LitmusError `invalid-input` when lengths differ, when the loss needs μ or the reference and it is null, or when
 * cross-entropy gets an advantage that is not 1
 */
export function tokenLoss(spec: LossSpec, input: TokenLossInput): TokenLoss {
  checkLengths(input);
  const policyAt = policyTerm(spec, input);
  const klAt = spec.type === "cross_entropy" ? null : klTermOf(spec, input);
  const entropyBonus = spec.type === "cross_entropy" ? 0 : spec.entropyBonus;
  const derivative = new Float64Array(input.logProbs.length);
  const entropyDerivative = new Float64Array(derivative.length);
  let value = 0;
  let clipped = 0;
  for (let token = 0; token < derivative.length; token++) {
    const weight = at(input.weights, token);
    const policy = policyAt(token);
    const kl = klAt?.(token) ?? { value: 0, derivative: 0 };
    const bonus = entropyBonus === 0 ? 0 : entropyBonus * at(input.entropies, token);
    value += weight * (policy.value + kl.value - bonus);
    derivative[token] = weight * (policy.derivative + kl.derivative);
    entropyDerivative[token] = entropyBonus === 0 ? 0 : -weight * entropyBonus;
    if (policy.isClipped) clipped += 1;
  }
  return { value, derivative, entropyDerivative, clipped };
}

function policyTerm(spec: LossSpec, input: TokenLossInput): TokenFunction {
  const advantageAt = (token: number): number => at(input.advantages, token);
  switch (spec.type) {
    case "cross_entropy":
      return (token) => crossEntropy(at(input.logProbs, token), advantageAt(token));
    case "importance_sampling": {
      const behaviour = required(input.behaviourLogProbs, "importance_sampling", "policy that sampled");
      return (token) => importanceSampling(at(input.logProbs, token) - at(behaviour, token), advantageAt(token));
    }
    case "ppo":
      return corrected(spec, input, (token, logRatio) => clippedRatio(spec, logRatio, advantageAt(token)));
    case "cispo":
      return corrected(spec, input, (token, logRatio) =>
        clippedWeight(spec, logRatio, { logProb: at(input.logProbs, token), advantage: advantageAt(token) }),
      );
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

/** PPO: the worse of the ratio and the clipped ratio; with a dual clip, not worse than `dualClip` of a negative advantage. */
function clippedRatio(
  spec: ClippedRatio & { readonly dualClip: number | null },
  logRatio: number,
  advantage: number,
): OneToken {
  const ratio = clampedRatio(logRatio);
  const clipped = clip(spec, ratio.value);
  if (clipped * advantage < ratio.value * advantage) {
    return { value: -clipped * advantage, derivative: 0, isClipped: true };
  }
  if (spec.dualClip !== null && advantage < 0 && ratio.value > spec.dualClip) {
    return { value: -spec.dualClip * advantage, derivative: 0, isClipped: true };
  }
  return { value: -ratio.value * advantage, derivative: -ratio.derivative * advantage, isClipped: false };
}

/** CISPO: the clipped ratio is a constant factor of A · lp. */
function clippedWeight(spec: ClippedRatio, logRatio: number, token: { logProb: number; advantage: number }): OneToken {
  const ratio = clampedRatio(logRatio).value;
  const factor = clip(spec, ratio) * token.advantage;
  return { value: -factor * token.logProb, derivative: -factor, isClipped: clip(spec, ratio) !== ratio };
}

const clip = (spec: ClippedRatio, ratio: number): number =>
  Math.min(Math.max(ratio, 1 - spec.clipLow), 1 + spec.clipHigh);

/** A loss of θ/old, multiplied by the constant min(old/μ, truncation). */
function corrected(
  spec: ClippedRatio & { readonly type: string },
  input: TokenLossInput,
  lossAt: (token: number, logRatio: number) => OneToken,
): TokenFunction {
  const { truncation } = spec;
  const old = input.oldLogProbs ?? input.logProbs;
  const ratioLossAt: TokenFunction = (token) => lossAt(token, at(input.logProbs, token) - at(old, token));
  if (truncation === null) return ratioLossAt;
  const behaviour = required(input.behaviourLogProbs, `${spec.type} with truncation`, "policy that sampled");
  return (token) => {
    const factor = Math.min(clampedRatio(at(old, token) - at(behaviour, token)).value, truncation);
    const one = ratioLossAt(token);
    return { value: factor * one.value, derivative: factor * one.derivative, isClipped: one.isClipped };
  };
}

function klTermOf(
  { kl }: RegularizationTerms,
  input: TokenLossInput,
): ((token: number) => { readonly value: number; readonly derivative: number }) | null {
  if (kl === null) return null;
  const reference = required(input.referenceLogProbs, "a KL term", "reference policy");
  return (token) => {
    const { value, derivative } = klTerm(kl.estimator, at(input.logProbs, token) - at(reference, token));
    return { value: kl.coefficient * value, derivative: kl.coefficient * derivative };
  };
}

function clampedRatio(logRatio: number): { value: number; derivative: number } {
  const value = Math.exp(Math.min(Math.max(logRatio, -maxLogRatio), maxLogRatio));
  return { value, derivative: Math.abs(logRatio) > maxLogRatio ? 0 : value };
}

function required(logProbs: ArrayLike<number> | null, loss: string, policy: string): ArrayLike<number> {
  if (logProbs !== null) return logProbs;
  throw new LitmusError("invalid-input", `${loss} needs the log-probabilities under the ${policy}`);
}

function checkLengths(input: TokenLossInput): void {
  const { length } = input.logProbs;
  const { entropies, oldLogProbs, behaviourLogProbs, referenceLogProbs, advantages, weights } = input;
  const columns = { entropies, oldLogProbs, behaviourLogProbs, referenceLogProbs, advantages, weights };
  for (const [name, values] of Object.entries(columns)) {
    if (values !== null && values.length !== length) {
      throw new LitmusError("invalid-input", `${name} has ${values.length} entries for ${length} policy tokens`);
    }
  }
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}
