import fc from "fast-check";
import { describe, expect, it } from "vitest";
import reference from "../fixtures/reference.json" with { type: "json" };
import { normalCdf, studentCdf, studentQuantile975 } from "./distributions.ts";
import { klEstimate, meanInterval, median, pairedDifference, quantile, ruleOfThree, wilsonInterval } from "./index.ts";

const numbers = (row: readonly number[]): [number, number, number, number] => [
  row[0] ?? 0,
  row[1] ?? 0,
  row[2] ?? 0,
  row[3] ?? 0,
];

describe("distributions", () => {
  it("agree with scipy", () => {
    for (const [z, expected] of reference.normalCdf.map(numbers)) expect(normalCdf(z) / expected).toBeCloseTo(1, 8);
    for (const [t, n, expected] of reference.studentCdf.map(numbers))
      expect(studentCdf(t, n) / expected).toBeCloseTo(1, 9);
    for (const [n, expected] of reference.studentQuantile975.map(numbers))
      expect(studentQuantile975(n)).toBeCloseTo(expected, 7);
  });
});

describe("wilsonInterval", () => {
  it("agrees with scipy; 81 of 263 and 15 of 148 are Newcombe's published rows", () => {
    for (const [successes, n, low, high] of reference.wilson.map(numbers)) {
      expect(wilsonInterval(successes, n).low).toBeCloseTo(low, 10);
      expect(wilsonInterval(successes, n).high).toBeCloseTo(high, 10);
    }
    expect(wilsonInterval(81, 263).low).toBeCloseTo(0.2553, 4);
    expect(wilsonInterval(15, 148).high).toBeCloseTo(0.1605, 4);
  });
  it("knows nothing of nothing, and mirrors", () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const [interval, mirror] = [wilsonInterval(share * n, n), wilsonInterval(n - share * n, n)];
        expect(interval.low).toBeCloseTo(1 - mirror.high, 9);
        expect(interval.low <= share + 1e-12 && share <= interval.high + 1e-12).toBe(true);
      }),
    );
  });
  it("refuses what is no proportion", () => {
    for (const [k, n] of [
      [2, 1],
      [-1, 3],
      [Number.NaN, 3],
      [1, 1.5],
    ] as const)
      expect(() => wilsonInterval(k, n)).toThrow();
  });
});

describe("meanInterval", () => {
  it("agrees with scipy", () => {
    const [mean, low, high] = numbers(reference.mean);
    const estimate = meanInterval(reference.values);
    expect(estimate.mean).toBeCloseTo(mean, 12);
    expect(estimate.ci95?.low).toBeCloseTo(low, 8);
    expect(estimate.ci95?.high).toBeCloseTo(high, 8);
  });
  it("is safe without values and with one", () => {
    expect(meanInterval([])).toEqual({ n: 0, mean: null, ci95: null });
    expect(meanInterval([0.4])).toEqual({ n: 1, mean: 0.4, ci95: null });
    expect(() => meanInterval([Number.NaN])).toThrow();
  });
});

describe("quantile", () => {
  it("agrees with NumPy", () => {
    for (const [q, expected] of reference.quantiles.map(numbers))
      expect(quantile(reference.values, q)).toBeCloseTo(expected, 12);
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
  it("refuses no values and q outside [0, 1]", () => {
    expect(() => quantile([], 0.5)).toThrow();
    expect(() => quantile([1], 1.1)).toThrow();
  });
});

describe("ruleOfThree", () => {
  it("is 3 / n", () => {
    expect(ruleOfThree(900)).toBeCloseTo(0.00333, 5);
    expect(ruleOfThree(56)).toBeCloseTo(0.0536, 4);
    expect(ruleOfThree(0)).toBe(1);
  });
});

describe("pairedDifference", () => {
  const binary = (ones: number, n: number): number[] => Array.from({ length: n }, (_, i) => (i < ones ? 1 : 0));

  it("is near Student's interval for many pairs, and the same each time", () => {
    const a = Array.from({ length: 400 }, (_, i) => ((i * 7919) % 101) / 101);
    const b = Array.from({ length: 400 }, (_, i) => ((i * 104729) % 97) / 97);
    const estimate = pairedDifference(a, b);
    const student = meanInterval(b.map((value, i) => value - (a[i] ?? 0)));
    expect(estimate.difference).toBeCloseTo(student.mean ?? 9, 12);
    expect(Math.abs((estimate.ci95?.low ?? 9) - (student.ci95?.low ?? 0))).toBeLessThan(0.003);
    expect(Math.abs((estimate.ci95?.high ?? 9) - (student.ci95?.high ?? 0))).toBeLessThan(0.003);
    expect(pairedDifference(a, b)).toEqual(estimate);
  });
  it("calls no gain what three of four questions show", () => {
    expect(pairedDifference([0, 0, 0, 1], [1, 1, 1, 1]).ci95?.low).toBeLessThanOrEqual(0);
  });
  it("does not pretend to certainty where no pair differs", () => {
    expect(pairedDifference(binary(3, 20), binary(3, 20)).ci95).toEqual({ low: -0.15, high: 0.15 });
    expect(pairedDifference([0, 0], [1, 1]).ci95?.low).toBe(-1);
  });
  it("covers the true difference: 95 % intervals over 120 made-up experiments miss at most 10 %", () => {
    let state = 12345;
    const uniform = (): number => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
    const missed = Array.from({ length: 120 }, () => {
      const a = Array.from({ length: 40 }, () => (uniform() < 0.3 ? 1 : 0));
      const b = a.map((value) => (uniform() < 0.7 ? value : uniform() < 0.5 ? 1 : 0));
      const { ci95 } = pairedDifference(a, b);
      return ci95 === null || ci95.low > 0.06 || ci95.high < 0.06;
    }).filter(Boolean).length;
    expect(missed / 120).toBeLessThanOrEqual(0.1);
  }, 120_000);
  it("is antisymmetric up to the bootstrap, holds its mean, and is safe for few pairs", () => {
    const a = [0, 0.25, 1, 0.5, 0, 1, 0, 0.75];
    const b = [1, 0.5, 1, 0, 0.25, 1, 1, 0.5];
    const [forward, back] = [pairedDifference(a, b), pairedDifference(b, a)];
    expect(forward.difference).toBeCloseTo(-(back.difference ?? 9), 12);
    expect(Math.abs((forward.ci95?.low ?? 9) + (back.ci95?.high ?? 9))).toBeLessThan(0.05);
    expect(pairedDifference([], [])).toEqual({ n: 0, difference: null, ci95: null });
    expect(pairedDifference([0], [1])).toEqual({ n: 1, difference: 1, ci95: null });
    expect(() => pairedDifference([0], [])).toThrow();
    expect(() => pairedDifference([0], [2])).toThrow();
  });
});

describe("klEstimate", () => {
  it("agrees with NumPy", () => {
    const { behaviour, trainer, ...expected } = reference.divergence;
    const estimate = klEstimate([behaviour.slice(0, 9), behaviour.slice(9)], [trainer.slice(0, 9), trainer.slice(9)]);
    for (const [name, value] of Object.entries(expected))
      expect(estimate[name as keyof typeof expected], name).toBeCloseTo(value, 10);
  });
  it("is 0 with weight 1 where both agree, and never negative", () => {
    const same = klEstimate([[-1], [-2]], [[-1], [-2]]);
    expect(same).toEqual({
      tokens: 2,
      klNats: 0,
      meanAbsoluteNats: 0,
      weightMean: 1,
      weightDeviation: 0,
      effectiveShare: 1,
    });
    const logProbs = fc.array(
      fc.tuple(fc.double({ min: -60, max: 0, noNaN: true }), fc.double({ min: -60, max: 0, noNaN: true })),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(logProbs, (pairs) => {
        const estimate = klEstimate([pairs.map(([x]) => x)], [pairs.map(([, y]) => y)]);
        expect(estimate.klNats).toBeGreaterThanOrEqual(0);
        expect(Object.values(estimate).every(Number.isFinite)).toBe(true);
        expect(estimate.effectiveShare).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
  it("estimates the KL divergence of two known distributions", () => {
    const [p, q] = [
      [0.6, 0.3, 0.1],
      [0.5, 0.25, 0.25],
    ] as const;
    const draws = p.flatMap((share, token) => Array.from({ length: share * 1000 }, () => token));
    const exact = p.reduce((sum, share, i) => sum + share * Math.log(share / (q[i] ?? 1)), 0);
    const estimate = klEstimate([draws.map((i) => Math.log(p[i] ?? 1))], [draws.map((i) => Math.log(q[i] ?? 1))]);
    expect(estimate.klNats).toBeCloseTo(exact, 10);
    expect(estimate.weightMean).toBeCloseTo(1, 10);
  });
  it("refuses unequal lengths, nothing, and values that are not finite", () => {
    for (const [a, b] of [
      [[], []],
      [[[1]], [[]]],
      [[[1], []], [[1]]],
      [[[-1]], [[Number.NEGATIVE_INFINITY]]],
    ] as const)
      expect(() => klEstimate(a, b)).toThrow();
  });
});
