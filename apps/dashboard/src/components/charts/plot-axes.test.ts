import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tickSteps, xRange, yRange } from "./plot-axes.ts";

describe("yRange", () => {
  it.each([
    { of: "values that are all 0", domain: undefined, values: [0, 0], range: [0, 0.5] },
    { of: "values near 0", domain: undefined, values: [0.01, 1.01], range: [0, 1.07] },
    { of: "values below 0", domain: undefined, values: [-1, 1], range: [-1.12, 1.12] },
    { of: "a share", domain: [0, 1], values: [0.2, 0.4], range: [0, 1.06] },
    { of: "no value", domain: undefined, values: [null, null], range: [0, 1.06] },
  ] as const)("of $of", ({ domain, values: [low, high], range }) => {
    const [bottom, top] = yRange(domain, low, high);
    expect(bottom).toBeCloseTo(range[0], 12);
    expect(top).toBeCloseTo(range[1], 12);
  });

  it("holds every value, and has a height", () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const [bottom, top] = yRange(undefined, low, high);
        expect(bottom).toBeLessThanOrEqual(low);
        expect(top).toBeGreaterThanOrEqual(high);
        expect(top).toBeGreaterThan(bottom);
      }),
    );
  });
});

describe("xRange", () => {
  it("is what is zoomed to, else the points and the least span", () => {
    expect(xRange({ zoom: { from: 2, to: 3 }, span: undefined }, 0, 9)).toEqual([2, 3]);
    expect(xRange({ zoom: null, span: { from: 0, to: 12 } }, 4, 9)).toEqual([0, 12]);
    expect(xRange({ zoom: null, span: undefined }, 4, 4)).toEqual([3.5, 4.5]);
    expect(xRange({ zoom: null, span: undefined }, null, null)).toEqual([0, 1]);
  });
});

describe("tickSteps", () => {
  it("are whole where every place is, and ascend", () => {
    expect(tickSteps([1, 2, 7]).slice(0, 4)).toEqual([1, 2, 5, 10]);
    const any = tickSteps([0, 0.5]);
    expect(any).toContain(0.2);
    expect(any.toSorted((a, b) => a - b)).toEqual(any);
  });
});
