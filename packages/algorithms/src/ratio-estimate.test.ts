import { createRng } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { meanInterval, meanOfSums, ratioEstimate, type PairSums } from "./index.ts";

function sumsOf(pairs: readonly (readonly [x: number, y: number])[]): PairSums {
  const sum = (of: (x: number, y: number) => number): number => pairs.reduce((all, [x, y]) => all + of(x, y), 0);
  return {
    n: pairs.length,
    x: sum((x) => x),
    y: sum((_, y) => y),
    xx: sum((x) => x * x),
    xy: sum((x, y) => x * y),
    yy: sum((_, y) => y * y),
  };
}

describe("ratioEstimate", () => {
  it("is what the formula gives by hand", () => {
    // R = 60 / 2 = 30; residuals 10, −10, 20, −20: squares sum to 1000; √(1000 / 12) · 3.182446 / 0.5 = 58.1035.
    const { n, ratio, ci95 } = ratioEstimate(
      sumsOf([
        [10, 0],
        [20, 1],
        [20, 0],
        [10, 1],
      ]),
    );
    expect([n, ratio, ci95?.low]).toEqual([4, 30, 0]);
    expect(ci95?.high).toBeCloseTo(30 + 58.1035, 3);
  });

  it("is narrow where x goes with y, and a point where it is a multiple of it", () => {
    expect(
      ratioEstimate(
        sumsOf([
          [3, 1],
          [6, 2],
          [9, 3],
        ]),
      ),
    ).toEqual({ n: 3, ratio: 3, ci95: { low: 3, high: 3 } });
  });

  it("covers the true ratio: of 400 made-up samples of 200 at least 92 %", () => {
    const rng = createRng("ratio");
    const covered = Array.from({ length: 400 }, () => {
      const pairs = Array.from({ length: 200 }, () => {
        const isRight = rng.uniform() < 0.4;
        return [(isRight ? 80 : 120) + 20 * rng.normal(), isRight ? 1 : 0] as const;
      });
      const { ci95 } = ratioEstimate(sumsOf(pairs));
      // (0.4 · 80 + 0.6 · 120) / 0.4
      return ci95 !== null && ci95.low <= 260 && 260 <= ci95.high;
    }).filter(Boolean).length;
    expect(covered / 400).toBeGreaterThanOrEqual(0.92);
    expect(covered / 400).toBeLessThanOrEqual(0.98);
  });

  it("is null without anything right, and without an interval for one pair", () => {
    expect(ratioEstimate(sumsOf([[5, 0]]))).toEqual({ n: 1, ratio: null, ci95: null });
    expect(ratioEstimate(sumsOf([]))).toEqual({ n: 0, ratio: null, ci95: null });
    expect(ratioEstimate(sumsOf([[5, 2]]))).toEqual({ n: 1, ratio: 2.5, ci95: null });
    expect(() => ratioEstimate({ n: 1, x: -1, y: 1, xx: 1, xy: 1, yy: 1 })).toThrow();
    expect(() => ratioEstimate({ n: 1, x: Number.NaN, y: 1, xx: 1, xy: 1, yy: 1 })).toThrow();
  });
});

describe("meanOfSums", () => {
  it("agrees with the interval of the values themselves", () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    const { n, x, xx } = sumsOf(values.map((value) => [value, 1]));
    const { mean, ci95 } = meanInterval(values);
    const estimate = meanOfSums({ n, x, xx });
    expect([estimate.n, estimate.ratio]).toEqual([8, mean]);
    expect(estimate.ci95?.low).toBeCloseTo(ci95?.low ?? 9, 12);
    expect(estimate.ci95?.high).toBeCloseTo(ci95?.high ?? 9, 12);
    expect(meanOfSums({ n: 0, x: 0, xx: 0 })).toEqual({ n: 0, ratio: null, ci95: null });
  });
});
