import { LitmusError } from "@litmus/core";

/** How far two policies are apart on the tokens that one of them sampled. */
export interface Divergence {
  /** Policy tokens compared. */
  readonly tokens: number;
  /** KL(behaviour, trainer) in nats a token: the mean of k3, never negative. */
  readonly klNats: number;
  /** Mean |difference| of the log-probabilities, in nats. */
  readonly meanAbsoluteNats: number;
  /** Of the importance weights exp(trainer − behaviour); 1 where both agree. */
  readonly weightMean: number;
  /** Unbiased; 0 for a single token. */
  readonly weightDeviation: number;
  /** (Σ w)² / (n Σ w²), in (0, 1]. */
  readonly effectiveShare: number;
}

type LogProbs = readonly (readonly number[])[];

/** Keeps exp finite: weights beyond e^20 say the same as e^20. */
const maxLogRatio = 20;

/**
 * Compares log-probabilities of the same sampled tokens, in nats, sequence by sequence and over all tokens at once.
 * k3 = exp(d) − d − 1 with d = trainer − behaviour is an unbiased estimate of KL(behaviour, trainer), as the tokens
 * came from the behaviour policy.
 * @param behaviour log-probabilities under the policy that sampled; [D][T], ragged in T
 * @param trainer of the same tokens, same shape
 * @throws LitmusError `invalid-input` when shapes differ, there is no token, or a value is not finite
 * @see http://joschu.net/blog/kl-approx.html
 */
export function klEstimate(behaviour: LogProbs, trainer: LogProbs): Divergence {
  const alike = behaviour.length === trainer.length && behaviour.every((row, i) => row.length === trainer[i]?.length);
  const tokens = behaviour.reduce((sum, row) => sum + row.length, 0);
  if (!alike || tokens === 0) {
    throw new LitmusError(
      "invalid-input",
      `cannot compare log-probabilities of ${tokens} sampled tokens with others in shape`,
    );
  }
  const differences = behaviour.flatMap((row, i) => row.map((value, t) => (trainer[i]?.[t] ?? Number.NaN) - value));
  if (!differences.every(Number.isFinite)) throw new LitmusError("invalid-input", "a log-probability is not finite");
  const logRatios = differences.map((d) => Math.min(maxLogRatio, Math.max(-maxLogRatio, d)));
  const mean = (of: (d: number) => number): number => logRatios.reduce((sum, d) => sum + of(d), 0) / tokens;
  const weightMean = mean(Math.exp);
  const weightVariance = tokens < 2 ? 0 : (mean((d) => (Math.exp(d) - weightMean) ** 2) * tokens) / (tokens - 1);
  return {
    tokens,
    klNats: Math.max(
      0,
      mean((d) => Math.expm1(d) - d),
    ),
    meanAbsoluteNats: differences.reduce((sum, d) => sum + Math.abs(d), 0) / tokens,
    weightMean,
    weightDeviation: Math.sqrt(weightVariance),
    effectiveShare: weightMean ** 2 / mean((d) => Math.exp(2 * d)),
  };
}
