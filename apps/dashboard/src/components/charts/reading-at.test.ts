import { describe, expect, it } from "vitest";
import type { ChartSeries } from "./chart-series.ts";
import { alignLines, plotLines } from "./plot-lines.ts";
import { readingAt } from "./reading-at.ts";

const mean: ChartSeries = {
  id: "mean",
  label: "mean",
  slot: 0,
  x: [1, 2, 2, 3],
  y: [0, 1, 0.5, null],
  low: [0, 0.8, 0.4, null],
  high: [0, 1, 0.6, null],
  n: [2, 2, 1, 0],
};
const other: ChartSeries = { id: "other", label: "other", slot: 1, x: [0, 2], y: [7, 8] };

function readAt(idx: number, smoothing: number, left = 10) {
  const lines = plotLines([mean, other], smoothing);
  const plot = {
    cursor: { idx, left },
    data: alignLines(lines),
    series: [{}, ...lines.map(() => ({ show: true }))],
    over: { clientWidth: 100 },
  };
  return readingAt(plot, lines);
}

describe("readingAt", () => {
  it("reads a point with its interval and the runs that it is over", () => {
    // Common places: 0, 1, 2, 2, 3.
    expect(readAt(2, 0)).toEqual({
      x: 2,
      isLeft: true,
      values: [
        { id: "mean", point: { y: 1, low: 0.8, high: 1, n: 2 }, smoothed: null },
        { id: "other", point: { y: 8, low: null, high: null, n: null }, smoothed: null },
      ],
    });
    expect(readAt(3, 0)?.values[0]?.point).toEqual({ y: 0.5, low: 0.4, high: 0.6, n: 1 });
  });

  it("reads the value beside the smoothed one", () => {
    const [value] = readAt(2, 0.5)?.values ?? [];
    expect(value?.point.y).toBe(1);
    expect(value?.smoothed).toBeCloseTo(2 / 3, 12);
  });

  it("reads no gap, and nothing beside the plot", () => {
    expect(readAt(4, 0)?.values).toEqual([]);
    expect(readAt(2, 0, -10)).toBeNull();
  });
});
