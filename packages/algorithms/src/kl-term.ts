/**
 * @file Estimates of KL(θ, reference) from one token that θ sampled: d = lp_θ − lp_reference, in nats.
 * @see http://joschu.net/blog/kl-approx.html
 */
export const klEstimators = ["k1", "k2", "k3"] as const;
/**
 * `k1` = d: unbiased, of either sign; as a loss its expected gradient is zero, so it is for rewards only.
 * `k2` = d²/2: biased; as a loss it has the gradient of KL(θ, reference).
 * `k3` = exp(−d) + d − 1: unbiased and never negative; as a loss it has the gradient of KL(reference, θ).
 */
export type KlEstimator = (typeof klEstimators)[number];

/** Search-R1 bounds k3 by this; beyond, it is constant. */
const maxK3 = 10;
/** exp(−d) is finite above. */
const minDifference = -20;

/** The estimate and its derivative with respect to lp_θ. */
export function klTerm(estimator: KlEstimator, difference: number): { value: number; derivative: number } {
  switch (estimator) {
    case "k1":
      return { value: difference, derivative: 1 };
    case "k2":
      return { value: difference ** 2 / 2, derivative: difference };
    case "k3": {
      const d = Math.max(difference, minDifference);
      const value = Math.expm1(-d) + d;
      return value > maxK3 ? { value: maxK3, derivative: 0 } : { value, derivative: -Math.expm1(-d) };
    }
    default:
      return estimator satisfies never;
  }
}
