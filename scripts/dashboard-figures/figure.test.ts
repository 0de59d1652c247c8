import { expect, it } from "vitest";
import { describeFigure, isMet, quantile, valueOf, type Figure } from "./figure.ts";

const figure: Figure = { name: "a click", unit: "ms", samples: [5, 1, 4, 2, 3], statistic: "median", bar: 3 };

it("takes the nearest rank, whatever the order", () => {
  expect([0, 0.5, 0.95, 1].map((share) => quantile(figure.samples, share))).toEqual([1, 3, 5, 5]);
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(quantile(hundred, 0.95)).toBe(95);
  expect(() => quantile([], 0.5)).toThrow(RangeError);
});

it("meets a bar of time from below, one of frames from above", () => {
  expect(isMet(figure)).toBe(true);
  expect(isMet({ ...figure, bar: 2.9 })).toBe(false);
  expect(isMet({ ...figure, statistic: "max" })).toBe(false);
  expect(isMet({ ...figure, unit: "frames/s", bar: 3 })).toBe(true);
  expect(isMet({ ...figure, unit: "frames/s", bar: 3.1 })).toBe(false);
});

it("says what counts beside the bar, and the spread", () => {
  expect(valueOf(figure)).toBe(3);
  expect(describeFigure(figure)).toBe("met    a click: median 3.0 ms, bar ≤ 3 (1.0 / 3.0 / 5.0, n = 5)");
  expect(describeFigure({ ...figure, bar: 1 })).toMatch(/^MISSED/);
});
