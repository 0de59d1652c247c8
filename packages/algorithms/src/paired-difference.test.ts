import { createRng } from "@litmus/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLeadTable, isLead, pairedCounts, pairedDifference, quantile, type PairCounts } from "./index.ts";
import { signSumCdf, signSumQuantile } from "./sign-sum.ts";

const signsOf = ({ wins, losses, ties }: PairCounts): number[] => [
  ...Array.from({ length: wins }, () => 1),
  ...Array.from({ length: losses }, () => -1),
  ...Array.from({ length: ties }, () => 0),
];
const sizeOf = ({ wins, losses, ties }: PairCounts): number => wins + losses + ties;
const sharesOf = (counts: PairCounts) => ({
  wins: counts.wins / sizeOf(counts),
  losses: counts.losses / sizeOf(counts),
});

/** Sums of all n^n resamples, one by one. */
function allSums(signs: readonly number[]): number[] {
  let sums = [0];
  for (let draw = 0; draw < signs.length; draw++) sums = sums.flatMap((sum) => signs.map((sign) => sum + sign));
  return sums;
}

const counts = (most: number): fc.Arbitrary<PairCounts> =>
  fc
    .record({
      wins: fc.integer({ min: 0, max: most }),
      losses: fc.integer({ min: 0, max: most }),
      ties: fc.integer({ min: 0, max: most }),
    })
    .filter((each) => sizeOf(each) > 0);

describe("signSumCdf", () => {
  it("is the share of all resamples, counted one by one", () => {
    for (const some of [
      { wins: 2, losses: 1, ties: 3 },
      { wins: 3, losses: 3, ties: 0 },
      { wins: 1, losses: 0, ties: 4 },
      { wins: 0, losses: 5, ties: 1 },
    ]) {
      const n = sizeOf(some);
      const sums = allSums(signsOf(some));
      for (let x = -n; x <= n; x++)
        expect(signSumCdf(sharesOf(some), n, x)).toBeCloseTo(sums.filter((sum) => sum <= x).length / sums.length, 11);
    }
  });

  it("gives the smallest value that holds so much", () => {
    const shares = { wins: 0.3, losses: 0.1 };
    for (const q of [0.001, 0.025, 0.5, 0.975, 0.999]) {
      const x = signSumQuantile(shares, 40, q);
      expect(signSumCdf(shares, 40, x)).toBeGreaterThanOrEqual(q);
      expect(signSumCdf(shares, 40, x - 1)).toBeLessThan(q);
    }
  });
});

describe("pairedCounts", () => {
  it("is what resampling right and wrong comes to", () => {
    for (const some of [
      { wins: 12, losses: 5, ties: 47 },
      { wins: 3, losses: 9, ties: 20 },
      { wins: 200, losses: 150, ties: 150 },
    ]) {
      const signs = signsOf(some);
      const n = signs.length;
      const rng = createRng("resamples");
      const means = Array.from({ length: 40_000 }, () => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += signs[rng.integer(n)] ?? 0;
        return sum / n;
      });
      const { ci95 } = pairedCounts(some);
      // Percentiles of so many resamples are one value off at most; those of Student are a little further out than 2.5 %.
      expect(Math.abs((ci95?.low ?? 9) - quantile(means, 0.023))).toBeLessThanOrEqual(1.5 / n + 0.004);
      expect(Math.abs((ci95?.high ?? 9) - quantile(means, 0.977))).toBeLessThanOrEqual(1.5 / n + 0.004);
    }
  });

  it("is what the paired difference says, whatever the order of the questions", () => {
    fc.assert(
      fc.property(counts(12), fc.integer(), (some, seed) => {
        const signs = createRng(seed).shuffled(signsOf(some));
        const rights = createRng(seed + 1);
        const b = signs.map((sign) => (sign === 0 ? rights.integer(2) : sign === 1 ? 1 : 0));
        const a = b.map((right, i) => right - (signs[i] ?? 0));
        expect(pairedDifference(a, b)).toEqual(pairedCounts(some));
      }),
    );
  });

  it("refuses what is no count", () => {
    expect(() => pairedCounts({ wins: -1, losses: 0, ties: 3 })).toThrow();
    expect(() => pairedCounts({ wins: 0.5, losses: 0, ties: 3 })).toThrow();
    expect(pairedCounts({ wins: 0, losses: 0, ties: 0 })).toEqual({ n: 0, difference: null, ci95: null });
  });
});

describe("leads", () => {
  it("are intervals above 0, one by one and from the table", () => {
    const table = createLeadTable();
    fc.assert(
      fc.property(counts(40), (some) => {
        const low = pairedCounts(some).ci95?.low ?? 0;
        expect(isLead(some)).toBe(low > 0);
        expect(table.isLead(sizeOf(some), some.wins, some.losses)).toBe(low > 0);
      }),
    );
  });

  it("are those of a few questions by hand", () => {
    const table = createLeadTable();
    // Seven of seven: 1 − 2 · 3/7 > 0; six of six: 1 − 2 · 3/6 = 0.
    expect(table.isLead(7, 7, 0)).toBe(true);
    expect(table.isLead(6, 6, 0)).toBe(false);
    expect(table.isLead(64, 10, 10)).toBe(false);
    expect(table.isLead(64, 20, 4)).toBe(true);
    expect(table.isLead(1, 1, 0)).toBe(false);
  });
});
