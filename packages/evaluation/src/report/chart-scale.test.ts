import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createScale } from "./chart-scale.ts";

describe("createScale", () => {
  it("has round ticks around the range", () => {
    expect(createScale({ low: 0, high: 0.583, from: 100, to: 0 })).toMatchObject({ digits: 1 });
    expect(createScale({ low: 0, high: 0.583, from: 100, to: 0 }).ticks.map((tick) => tick.toFixed(1))).toEqual([
      "0.0",
      "0.2",
      "0.4",
      "0.6",
    ]);
    expect(createScale({ low: 3, high: 3, from: 0, to: 10 }).at(3)).toBeCloseTo(5, 9);
  });
  it("holds every value between its ends, in order", () => {
    const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, t) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const { at, ticks } = createScale({ low, high, from: 0, to: 100 });
        const inside = at(low + t * (high - low));
        expect(ticks.length).toBeLessThanOrEqual(12);
        return inside >= -1e-6 && inside <= 100 + 1e-6;
      }),
    );
  });
});
