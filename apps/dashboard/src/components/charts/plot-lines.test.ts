import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChartSeries } from "./chart-series.ts";
import { alignLines, plotLines } from "./plot-lines.ts";

const arbitrarySeries = (id: string): fc.Arbitrary<ChartSeries> =>
  fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 40 }).chain((x) =>
    fc.record({
      id: fc.constant(id),
      label: fc.constant(id),
      slot: fc.nat(30),
      x: fc.constant(x.toSorted((a, b) => a - b)),
      y: fc.array(fc.option(fc.double({ min: -1, max: 1, noNaN: true })), { minLength: x.length, maxLength: x.length }),
    }),
  );

const manySeries = fc
  .integer({ min: 1, max: 6 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => arbitrarySeries(`run-${i}`))));

/** Of one series: what is drawn at each x, gaps as null, places that are no point of it left out. */
function drawn(series: readonly ChartSeries[], id: string, smoothing: number): [number, number | null][] {
  const lines = plotLines(series, smoothing);
  const [x = [], ...columns] = alignLines(lines);
  const column = columns[lines.findIndex((line) => line.series.id === id && line.role === "value")] ?? [];
  return [...x].flatMap((at, i) => {
    const value = column[i];
    return value === undefined ? [] : [[at, value] as [number, number | null]];
  });
}

describe("plotLines and alignLines", () => {
  it("draws a series the same whatever other series are shown", () => {
    fc.assert(
      fc.property(manySeries, fc.nat(5), fc.constantFrom(0, 0.5, 0.9), (series, pick, smoothing) => {
        const one = series[pick % series.length]!;
        expect(drawn(series, one.id, smoothing)).toStrictEqual(drawn([one], one.id, smoothing));
      }),
      { numRuns: 200 },
    );
  });

  it("draws every point where the series has it", () => {
    fc.assert(
      fc.property(manySeries, (series) => {
        for (const { id, x, y } of series) expect(drawn(series, id, 0)).toEqual(x.map((at, i) => [at, y[i]]));
      }),
    );
  });

  it("keeps the points of a series that stand at one place, beside another series too", () => {
    const one: ChartSeries = { id: "a", label: "a", slot: 0, x: [0, 0, 0, 5], y: [1, 2, 3, 4] };
    const other: ChartSeries = { id: "b", label: "b", slot: 1, x: [0, 2, 5], y: [7, 8, 9] };
    expect(alignLines(plotLines([one, other], 0))).toEqual([
      [0, 0, 0, 2, 5],
      [1, 2, 3, undefined, 4],
      [7, undefined, undefined, 8, 9],
    ]);
  });

  it("puts the edges of a band under the raw line, and that under the smoothed one", () => {
    const banded: ChartSeries = { id: "a", label: "a", slot: 0, x: [1, 2], y: [3, 5], low: [2, 4], high: [4, 6] };
    expect(plotLines([banded], 0).map(({ role }) => role)).toEqual(["low", "high", "value"]);
    expect(plotLines([banded], 0.5).map(({ role }) => role)).toEqual(["low", "high", "raw", "value"]);
    expect(alignLines(plotLines([banded], 0))).toEqual([
      [1, 2],
      [2, 4],
      [4, 6],
      [3, 5],
    ]);
  });
});
