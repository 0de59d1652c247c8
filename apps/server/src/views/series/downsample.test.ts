import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { downsample } from "./downsample.ts";

const values = fc.array(fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity)), { maxLength: 400 });
const most = fc.integer({ min: 4, max: 60 });

describe("downsample", () => {
  it("sends all points where they are few enough", () => {
    expect(downsample([3, 1, 2], 4)).toEqual([0, 1, 2]);
    expect(downsample([], 4)).toEqual([]);
  });

  it("sends the ends, and of each bucket the lowest and the highest, in their order", () => {
    // Between the ends two buckets of four.
    const spiky = [0, 1, 9, -5, 1, 2, 2, 2, 2, 0];
    expect(downsample(spiky, 6)).toEqual([0, 2, 3, 5, 9]);
  });

  it("lets a gap stand only where nothing else is", () => {
    expect(downsample([0, Number.NaN, Number.NaN, 4, Number.NaN, 0], 4)).toEqual([0, 3, 5]);
    expect(downsample([0, Number.NaN, Number.NaN, Number.NaN, 0], 4)).toEqual([0, 1, 4]);
  });

  it("keeps the extremes, the order and the bound, and makes up no point", () => {
    fc.assert(
      fc.property(values, most, (all, bound) => {
        const chosen = downsample(all, bound);
        expect(chosen.length).toBeLessThanOrEqual(bound);
        expect(chosen.every((index, i) => i === 0 || index > (chosen[i - 1] ?? 0))).toBe(true);
        expect(chosen.every((index) => index in all)).toBe(true);
        const finite = (some: readonly number[]): number[] => some.filter(Number.isFinite);
        const kept = finite(chosen.map((index) => all[index] ?? 0));
        expect(Math.max(...kept)).toBe(Math.max(...finite(all)));
        expect(Math.min(...kept)).toBe(Math.min(...finite(all)));
        if (all.length > 0) expect([chosen[0], chosen.at(-1)]).toEqual([0, all.length - 1]);
      }),
      { numRuns: 500 },
    );
  });
});
