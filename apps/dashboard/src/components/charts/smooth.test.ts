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

  it("counts a point twice as far away as two steps", () => {
    const [first, , third] = smooth({ x: [0, 1, 3], y: [1, 0, 0], unit: 1.5 }, 0.5);
    // What is left of the past is 0.5 to the power of the distance over the unit; a point has the rest of it.
    const left = (distance: number): number => 0.5 ** (distance / 1.5);
    const shares = [0.5 * left(3), (1 - left(1)) * left(2), 1 - left(2)];
    expect(first).toBe(1);
    expect(third).toBeCloseTo((shares[0] ?? 0) / shares.reduce((sum, share) => sum + share), 12);
  });

  it("reaches as far whether it has every point of a line or a few of them", () => {
    const x = steps(1000);
    const few = x.filter((at) => at % 10 === 0);
    // A step up at 500, seen 20 steps later: what is left of the past is the weight to that power.
    const at520 = (places: readonly number[]): number =>
      smooth({ x: places, y: places.map((at) => (at <= 500 ? 0 : 1)) }, 0.95)[places.indexOf(520)] ?? Number.NaN;
    expect(at520(x)).toBeCloseTo(1 - 0.95 ** 20, 6);
    expect(at520(few)).toBeCloseTo(1 - 0.95 ** 20, 6);
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
