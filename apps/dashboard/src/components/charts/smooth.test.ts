import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smooth } from "./smooth.ts";

const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 });
const weights = fc.double({ min: 0.01, max: 0.98, noNaN: true });
const steps = (length: number): number[] => Array.from({ length }, (_, i) => i + 1);

describe("smooth", () => {
  it("is the weighted mean of all points so far, on even steps", () => {
    fc.assert(
      fc.property(values, weights, (y, weight) => {
        const smoothed = smooth({ x: steps(y.length), y }, weight);
        y.forEach((_, i) => {
          const past = y.slice(0, i + 1).map((value, j) => ({ value, w: weight ** (i - j) }));
          const mean = past.reduce((sum, { value, w }) => sum + value * w, 0) / past.reduce((sum, { w }) => sum + w, 0);
          expect(smoothed[i]).toBeCloseTo(mean, 6);
        });
      }),
    );
  });

  it("weighs a point twice as far away as two steps", () => {
    const [first, , third] = smooth({ x: [0, 1, 3], y: [1, 0, 0] }, 0.5);
    // The mean distance is 1.5: weights are 0.5 to the power of the distance over it.
    const w = (distance: number): number => 0.5 ** (distance / 1.5);
    expect(first).toBe(1);
    expect(third).toBeCloseTo(w(3) / (w(3) + w(2) + 1), 12);
  });

  it("keeps gaps, which weigh nothing", () => {
    const smoothed = smooth({ x: [1, 2, 3], y: [1, null, 1] }, 0.9);
    expect(smoothed[0]).toBeCloseTo(1, 12);
    expect(smoothed[1]).toBeNull();
    expect(smoothed[2]).toBeCloseTo(1, 12);
  });

  it("changes nothing at weight 0, and one point never", () => {
    expect(smooth({ x: [1, 2], y: [3, 5] }, 0)).toEqual([3, 5]);
    expect(smooth({ x: [7], y: [3] }, 0.9)[0]).toBeCloseTo(3, 12);
  });

  it("begins anew with each stage", () => {
    const [first, second] = [smooth({ x: [1, 2], y: [6, 4] }, 0.9), smooth({ x: [3, 4], y: [0.2, 0.4] }, 0.9)];
    const stage = ["sft", "sft", "grpo", "grpo"];
    smooth({ x: [1, 2, 3, 4], y: [6, 4, 0.2, 0.4], stage }, 0.9).forEach((value, i) =>
      expect(value).toBeCloseTo([...first, ...second][i] ?? Number.NaN, 12),
    );
  });
});
