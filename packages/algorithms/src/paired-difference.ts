import { createRng, LitmusError } from "@litmus/core";
import { normalCdf, studentQuantile975 } from "./distributions.ts";
import { ruleOfThree, type Interval } from "./intervals.ts";
import { quantile } from "./quantile.ts";
import { signSumCdf, signSumQuantile } from "./sign-sum.ts";

export interface PairedDifference {
  /** Pairs. */
  readonly n: number;
  /** mean(b) − mean(a); null without pairs. */
  readonly difference: number | null;
  /** Null with fewer than two pairs. */
  readonly ci95: Interval | null;
}

/** Of pairs of right or wrong: those that only b, only a, and both or neither got right. */
export interface PairCounts {
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
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

/** Percentiles of the bootstrap are taken this far out, so that they are as wide as Student's interval. @param n at least 2 */
const tailOf = (n: number): number => normalCdf(-studentQuantile975(n - 1) * Math.sqrt(n / (n - 1)));

/**
 * The mean difference b − a over the same questions, with a 95 % interval: a paired bootstrap, its percentiles widened for
 * small samples (tail Φ(−t·√(n/(n−1)))), and the rule of three where all differences are equal. Of right or wrong the
 * bootstrap's distribution is known and taken as it is; of other scores 10,000 seeded resamples stand for it.
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
  if (differences.every((value) => value === 1 || value === 0 || value === -1))
    return pairedCounts(countOf(differences));
  const difference = differences.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, difference, ci95: null };
  if (differences.every((value) => value === differences[0]))
    return { n, difference, ci95: constantInterval(difference, n) };
  const tail = tailOf(n);
  const means = bootstrapMeans(differences);
  return { n, difference, ci95: { low: quantile(means, tail), high: quantile(means, 1 - tail) } };
}

function countOf(differences: readonly number[]): PairCounts {
  const wins = differences.filter((value) => value === 1).length;
  const losses = differences.filter((value) => value === -1).length;
  return { wins, losses, ties: differences.length - wins - losses };
}

/** {@link pairedDifference} of right or wrong: it depends on three counts alone. @throws LitmusError `invalid-input` for what is no count */
export function pairedCounts(counts: PairCounts): PairedDifference {
  const { wins, losses, ties } = counts;
  if (![wins, losses, ties].every((count) => Number.isInteger(count) && count >= 0))
    throw new LitmusError("invalid-input", `${wins}, ${losses} and ${ties} are no counts of pairs`);
  const n = wins + losses + ties;
  if (n === 0) return { n, difference: null, ci95: null };
  const difference = (wins - losses) / n;
  if (n === 1) return { n, difference, ci95: null };
  if (isConstant(counts)) return { n, difference, ci95: constantInterval(difference, n) };
  const shares = { wins: wins / n, losses: losses / n };
  const at = (q: number): number => signSumQuantile(shares, n, q) / n;
  return { n, difference, ci95: { low: at(tailOf(n)), high: at(1 - tailOf(n)) } };
}

/** Whether the whole interval of {@link pairedCounts} is above 0. */
export function isLead(counts: PairCounts): boolean {
  const { wins, losses, ties } = counts;
  const n = wins + losses + ties;
  if (wins <= losses || n < 2) return false;
  if (isConstant(counts)) return constantInterval(1, n).low > 0;
  return signSumCdf({ wins: wins / n, losses: losses / n }, n, 0) < tailOf(n);
}

const isConstant = ({ wins, losses, ties }: PairCounts): boolean =>
  [wins, losses, ties].filter((count) => count > 0).length === 1;
