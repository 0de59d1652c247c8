import { LitmusError } from "@litmus/core";
import { studentQuantile975 } from "./distributions.ts";

/** A 95 % confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** z with P(Z ≤ z) = 0.975. */
const z = 1.959963984540054;

/**
 * Wilson's score interval of a proportion; [0, 1] when n is 0. For means of scores in [0, 1] pass their sum:
 * their variance is at most that of a proportion, so the interval is then conservative.
 * @param successes in [0, n], fractional where scores are
 * @throws LitmusError `invalid-input` when successes is not in [0, n]
 * @see E. B. Wilson, JASA 22 (1927) 209
 */
export function wilsonInterval(successes: number, n: number): Interval {
  if (!Number.isInteger(n) || n < 0 || !(successes >= 0 && successes <= n * (1 + 1e-12))) {
    throw new LitmusError("invalid-input", `${successes} of ${n} is not a proportion`);
  }
  if (n === 0) return { low: 0, high: 1 };
  const share = Math.min(1, successes / n);
  const centre = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return { low: share === 0 ? 0 : (centre - half) / scale, high: share === 1 ? 1 : (centre + half) / scale };
}

export interface MeanEstimate {
  readonly n: number;
  /** Null without a value. */
  readonly mean: number | null;
  /** Student's t; null with fewer than two values. */
  readonly ci95: Interval | null;
}

/** Mean and Student's t interval. @throws LitmusError `invalid-input` when a value is not finite */
export function meanInterval(values: readonly number[]): MeanEstimate {
  if (!values.every(Number.isFinite)) throw new LitmusError("invalid-input", "a value is not finite");
  const n = values.length;
  if (n === 0) return { n, mean: null, ci95: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, mean, ci95: null };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = studentQuantile975(n - 1) * Math.sqrt(variance / n);
  return { n, mean, ci95: { low: mean - half, high: mean + half } };
}

/** Upper 95 % bound of a rate when none of n was seen: 3 / n, at most 1. */
export function ruleOfThree(n: number): number {
  return n <= 3 ? 1 : 3 / n;
}
