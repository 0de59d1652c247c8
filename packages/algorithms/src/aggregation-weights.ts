import { LitmusError } from "@litmus/core";

/** How token losses become one number: it decides how much a long trajectory counts. */
export const aggregations = ["token-mean", "sequence-mean", "constant", "token-sum"] as const;
export type Aggregation = (typeof aggregations)[number];

export interface AggregationInput {
  readonly aggregation: Aggregation;
  /** Policy tokens of every trajectory of the batch, those of groups skipped for zero variance included. */
  readonly policyTokens: readonly number[];
  /** Most policy tokens that a trajectory may have; read by `constant`. */
  readonly maxPolicyTokens: number;
}

/**
 * The weight of one policy token, for each trajectory, so that the loss is Σ weight · token loss.
 * - `token-mean`: 1 / all tokens (DAPO, arXiv:2503.14476): long trajectories count more.
 * - `sequence-mean`: 1 / (trajectories · own tokens) (GRPO, arXiv:2402.03300); 0 for one without tokens.
 * - `constant`: 1 / (trajectories · maxPolicyTokens) (Dr.GRPO, arXiv:2503.20783): no bias by length.
 * - `token-sum`: 1, as the hosted Tinker service sums.
 *
 * A skipped trajectory stays in the denominator: leaving its zeros out of the sum then changes no gradient.
 * @throws LitmusError `invalid-input` when no trajectory has a policy token, or a count is no natural number
 */
export function aggregationWeights({ aggregation, policyTokens, maxPolicyTokens }: AggregationInput): number[] {
  if (!policyTokens.every((count) => Number.isInteger(count) && count >= 0)) {
    throw new LitmusError("invalid-input", "counts of policy tokens must be natural numbers");
  }
  const total = policyTokens.reduce((sum, count) => sum + count, 0);
  if (total === 0)
    throw new LitmusError("invalid-input", "no trajectory of the batch has a policy token: nothing to learn from");
  switch (aggregation) {
    case "token-mean":
      return policyTokens.map(() => 1 / total);
    case "sequence-mean":
      return policyTokens.map((count) => (count === 0 ? 0 : 1 / (policyTokens.length * count)));
    case "constant":
      return policyTokens.map(() => 1 / (policyTokens.length * maxPolicyTokens));
    case "token-sum":
      return policyTokens.map(() => 1);
    default:
      return aggregation satisfies never;
  }
}
