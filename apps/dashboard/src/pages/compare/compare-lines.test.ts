import type { RunHead } from "@litmus/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignLines, plotLines } from "../../components/charts/plot-lines.ts";
import type { DrawnSeries } from "../../components/curves/drawn-series.ts";
import { compareLines } from "./compare-lines.ts";
import { comparedCurves } from "./compared-curves.ts";
import { runLooks } from "./run-labels.ts";

const value = fc.option(fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e6, max: 1e6 }), { freq: 8 });

const arbitrarySeries = (source: string): fc.Arbitrary<DrawnSeries> =>
  fc
    .uniqueArray(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 60 })
    .map((places) => places.map((place) => place + 0).toSorted((a, b) => a - b))
    .chain((x) => {
      const column = fc.array(value, { minLength: x.length, maxLength: x.length });
      return fc
        .record({ y: column, band: fc.option(fc.tuple(column, column)), total: fc.nat(20_000) })
        .map(({ y, band, total }): DrawnSeries => ({
          source,
          runIds: [source],
          metric: "reward",
          x,
          y,
          low: band?.[0] ?? null,
          high: band?.[1] ?? null,
          n: null,
          stage: x.map(() => "grpo"),
          step: x.map((_, i) => i + 1),
          total,
          isDownsampled: total > x.length,
          notFinite: 0,
          unit: 1 + (total % 7),
          shown: x.length,
          leftOut: [],
        }));
    });

const comparisons = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc.record({
    series: fc.tuple(...Array.from({ length: count }, (_, i) => arbitrarySeries(`run-${i}`))),
    isShown: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
    smoothing: fc.constantFrom(0, 0.3, 0.9, 0.99),
  }),
);

const head = (id: string): RunHead => ({
  id,
  name: id,
  status: "finished",
  seed: 1,
  configHash: "",
  createdAt: "",
  finishedAt: null,
});

/** Everything that is drawn of one run: each of its lines with its look, point by point. */
function drawn(series: readonly DrawnSeries[], ids: readonly string[], runId: string, smoothing: number): string {
  const looks = runLooks(
    ids,
    series.map(({ source }) => head(source)),
  );
  const lines = plotLines(compareLines(series, comparedCurves(looks, {}, false)), smoothing);
  const [x = [], ...columns] = alignLines(lines);
  const own = lines.flatMap(({ series: { id, slot }, role }, i) =>
    id === runId ? [{ role, slot, points: [...x].flatMap((at, row) => pointOf(at, columns[i]?.[row])) }] : [],
  );
  return JSON.stringify(own);
}

const pointOf = (x: number, y: number | null | undefined): [number, number | null][] =>
  y === undefined ? [] : [[x, y]];

describe("compareLines", () => {
  it("draws a run the same, to the last digit and in the same look, whichever others are hidden", () => {
    fc.assert(
      fc.property(comparisons, ({ series, isShown, smoothing }) => {
        const ids = series.map(({ source }) => source);
        const shown = series.filter((_, i) => isShown[i]);
        for (const { source } of shown)
          expect(drawn(shown, ids, source, smoothing)).toBe(drawn(series, ids, source, smoothing));
      }),
      { numRuns: 200 },
    );
  });

  it("keeps the values as they came", () => {
    fc.assert(
      fc.property(comparisons, ({ series }) => {
        const looks = runLooks(
          series.map(({ source }) => source),
          series.map(({ source }) => head(source)),
        );
        expect(compareLines(series, comparedCurves(looks, {}, false)).map(({ x, y }) => ({ x, y }))).toEqual(
          series.map(({ x, y }) => ({ x, y })),
        );
      }),
    );
  });
});
