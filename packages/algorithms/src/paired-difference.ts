import { createRng, LitmusError } from "@litmus/core";
import { normalCdf, studentQuantile975 } from "./distributions.ts";
import { ruleOfThree, type Interval } from "./intervals.ts";
import { quantile } from "./quantile.ts";

export interface PairedDifference {
  /** Pairs. */
  readonly n: number;
  /** mean(b) − mean(a); null without pairs. */
  readonly difference: number | null;
  /** Null with fewer than two pairs. */
  readonly ci95: Interval | null;
}

const resamples = 10_000;

/** Means of bootstrap samples of the differences, seeded: equal input gives equal output. */
function bootstrapMeans(differences: readonly number[]): number[] {
  const rng = createRng("paired-difference");
  const n = differences.length;
  return Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += differences[rng.integer(n)] ?? 0;
    return sum / n;
  });
}

/** No bootstrap can see variation that no pair shows: at most 3 / n of all pairs may differ otherwise, each by all it can. */
function constantInterval(difference: number, n: number): Interval {
  const share = ruleOfThree(n);
  return { low: difference - share * (1 + difference), high: difference + share * (1 - difference) };
}

/**
 * The mean difference b − a over the same questions, with a 95 % interval: a seeded paired bootstrap of 10,000 resamples,
 * percentiles widened for small samples (tail Φ(−t·√(n/(n−1)))), and the rule of three where all differences are equal.
 * @param a scores in [0, 1], binary or means over samples
 * @param b scores of the same questions, in the same order
 * @throws LitmusError `invalid-input` when lengths differ or a score is outside [0, 1]
 * @see T. Hesterberg, The American Statistician 69 (2015) 371, section 5.3 (expanded percentile interval)
 */
export function pairedDifference(a: readonly number[], b: readonly number[]): PairedDifference {
  if (a.length !== b.length) throw new LitmusError("invalid-input", `cannot pair ${a.length} with ${b.length} scores`);
  if (![...a, ...b].every((score) => score >= 0 && score <= 1))
    throw new LitmusError("invalid-input", "a score is outside [0, 1]");
  const n = a.length;
  const differences = a.map((score, i) => (b[i] ?? 0) - score);
  if (n === 0) return { n, difference: null, ci95: null };
  const difference = differences.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, difference, ci95: null };
  if (differences.every((value) => value === differences[0]))
    return { n, difference, ci95: constantInterval(difference, n) };
  const tail = normalCdf(-studentQuantile975(n - 1) * Math.sqrt(n / (n - 1)));
  const means = bootstrapMeans(differences);
  return { n, difference, ci95: { low: quantile(means, tail), high: quantile(means, 1 - tail) } };
}
