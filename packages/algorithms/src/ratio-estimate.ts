import { LitmusError } from "@litmus/core";
import { studentQuantile975 } from "./distributions.ts";
import type { Interval } from "./intervals.ts";

/** Sums over n pairs (x, y). */
export interface PairSums {
  readonly n: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

export interface RatioEstimate {
  readonly n: number;
  /** Σx / Σy; null where Σy is 0. */
  readonly ratio: number | null;
  /** Null with fewer than two pairs. */
  readonly ci95: Interval | null;
}

/**
 * Σx / Σy with a 95 % interval by the delta method: R ± t · √(Σ(x − R·y)² / (n(n − 1))) / ȳ, never below 0.
 * @param sums of x ≥ 0 and y ≥ 0
 * @throws LitmusError `invalid-input` when a sum is negative or not finite
 * @see W. G. Cochran, Sampling Techniques, 3rd edition (1977), section 6.4 (variance of a ratio estimate), without the finite
 * population's correction
 */
export function ratioEstimate({ n, x, y, xx, xy, yy }: PairSums): RatioEstimate {
  if (![n, x, y, xx, xy, yy].every((sum) => Number.isFinite(sum) && sum >= 0))
    throw new LitmusError("invalid-input", "a sum is negative or not finite");
  if (y === 0) return { n, ratio: null, ci95: null };
  const ratio = x / y;
  if (n < 2) return { n, ratio, ci95: null };
  // Rounding can leave a little below 0 where all residuals are 0.
  const residuals = Math.max(0, xx - 2 * ratio * xy + ratio * ratio * yy);
  const half = (studentQuantile975(n - 1) * Math.sqrt(residuals / (n * (n - 1))) * n) / y;
  return { n, ratio, ci95: { low: Math.max(0, ratio - half), high: ratio + half } };
}

/** The mean of n values with Student's t interval, from their sums. @throws LitmusError `invalid-input` as {@link ratioEstimate} */
export function meanOfSums({ n, x, xx }: Pick<PairSums, "n" | "x" | "xx">): RatioEstimate {
  return ratioEstimate({ n, x, y: n, xx, xy: x, yy: n });
}
