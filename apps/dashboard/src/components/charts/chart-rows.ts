import type { ChartSeries } from "./chart-series.ts";
import type { ChartZoom } from "./chart-zoom.ts";

/** What a series says at one place; null where it does not. */
export interface RowPoint {
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Runs that it is the mean of. */
  readonly n: number | null;
}

/** One place of a chart: of a stage and step, where they are known. */
export interface ChartRow {
  /** Unique among the rows. */
  readonly key: string;
  readonly x: number;
  readonly stage: string | null;
  readonly step: number | null;
  /** By the id of the series. */
  readonly points: ReadonlyMap<string, RowPoint>;
}

/** The points of the series in the range shown, ascending in x; those of one place, stage and step in one row. */
export function chartRows(series: readonly ChartSeries[], zoom: ChartZoom | null): ChartRow[] {
  const rows = new Map<string, ChartRow & { readonly points: Map<string, RowPoint> }>();
  for (const one of series) {
    one.x.forEach((x, i) => {
      if (zoom !== null && (x < zoom.from || x > zoom.to)) return;
      const stage = one.stage?.[i] ?? null;
      const step = one.step?.[i] ?? null;
      const key = JSON.stringify([x, stage, step]);
      const row = rows.get(key) ?? { key, x, stage, step, points: new Map<string, RowPoint>() };
      rows.set(key, row);
      row.points.set(one.id, pointAt(one, i));
    });
  }
  return [...rows.values()].sort((a, b) => a.x - b.x);
}

/** The point of a series at an index. */
export const pointAt = ({ y, low, high, n }: ChartSeries, index: number): RowPoint => ({
  y: y[index] ?? null,
  low: low?.[index] ?? null,
  high: high?.[index] ?? null,
  n: n?.[index] ?? null,
});
