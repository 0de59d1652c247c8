/**
 * @file Advantages from group baselines. P problems, G trajectories of one problem (ragged), unitless returns.
 * @see arXiv:2402.03300 (GRPO); arXiv:2503.20783 (without the standard deviation); arXiv:2402.14740 (leave one out)
 */
import { LitmusError } from "@litmus/core";

type Returns = readonly (readonly number[])[];

/** What a return is compared with, and whether the difference is scaled. */
export const advantageEstimators = ["group-centred", "group-standardised", "leave-one-out", "batch-centred"] as const;
export type AdvantageEstimator = (typeof advantageEstimators)[number];

/**
 * The advantage of each trajectory, by the name of the estimator.
 * @returns advantages_P_G, same shape as the returns
 * @throws LitmusError `invalid-input` when a return is not finite, or a group has too few members for its baseline
 */
export function advantages(estimator: AdvantageEstimator, returns_P_G: Returns): number[][] {
  switch (estimator) {
    case "group-centred":
      return groupCentredAdvantages(returns_P_G);
    case "group-standardised":
      return grpoAdvantages(returns_P_G);
    case "leave-one-out":
      return leaveOneOutAdvantages(returns_P_G);
    case "batch-centred":
      return batchCentredAdvantages(returns_P_G);
    default:
      return estimator satisfies never;
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function checkGroup(group: readonly number[]): void {
  if (group.length < 2)
    throw new LitmusError("invalid-input", `a group of ${group.length} has no baseline: at least two are needed`);
  if (!group.every(Number.isFinite)) throw new LitmusError("invalid-input", "a return is not finite");
}

/** Equal returns give exactly 0, not the rounding error of their mean. */
function centre(group: readonly number[]): number[] {
  checkGroup(group);
  if (isConstant(group)) return group.map(() => 0);
  const baseline = mean(group);
  return group.map((value) => value - baseline);
}

/** Whether all returns of a group are equal: it then has no gradient, and counts as a zero-variance group. */
export function isConstant(group: readonly number[]): boolean {
  return group.every((value) => value === group[0]);
}

/**
 * Centres each return on its group's mean. Departs from GRPO: no division by the standard deviation.
 * @returns advantages_P_G, same shape; each row sums to 0 within 1e-6 · G
 * @throws LitmusError `invalid-input` when a group has fewer than two members or a return is not finite
 */
export function groupCentredAdvantages(returns_P_G: Returns): number[][] {
  return returns_P_G.map(centre);
}

/**
 * Centred returns over the group's standard deviation (unbiased, plus 1e-6), as GRPO has it.
 * @throws LitmusError `invalid-input` as {@link groupCentredAdvantages}
 */
export function grpoAdvantages(returns_P_G: Returns): number[][] {
  return returns_P_G.map((group) => {
    const centred = centre(group);
    const deviation = Math.sqrt(centred.reduce((sum, value) => sum + value ** 2, 0) / (group.length - 1));
    return centred.map((value) => value / (deviation + 1e-6));
  });
}

/**
 * Each return minus the mean of the others: G / (G − 1) times the centred return (RLOO).
 * @throws LitmusError `invalid-input` as {@link groupCentredAdvantages}
 */
export function leaveOneOutAdvantages(returns_P_G: Returns): number[][] {
  return returns_P_G.map((group) => centre(group).map((value) => (value * group.length) / (group.length - 1)));
}

/**
 * Each return minus the mean of all: REINFORCE with the batch as baseline (Williams, 1992). Groups of one are allowed.
 * @throws LitmusError `invalid-input` when the batch has fewer than two members or a return is not finite
 */
export function batchCentredAdvantages(returns_P_G: Returns): number[][] {
  const centred = centre(returns_P_G.flat());
  let first = 0;
  return returns_P_G.map((group) => {
    first += group.length;
    return centred.slice(first - group.length, first);
  });
}
