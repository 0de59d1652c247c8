import uPlot from "uplot";
import type { ChartSeries } from "./chart-series.ts";
import { smooth } from "./smooth.ts";

/** `value` is the line that one reads; `raw` the faint one behind it; `low` and `high` the edges of its band. */
export type LineRole = "raw" | "value" | "low" | "high";

/** One line as the plot draws it. */
export interface PlotLine {
  readonly series: ChartSeries;
  readonly role: LineRole;
  readonly y: readonly (number | null)[];
}

/** The lines of all series. Each series' lines depend on it alone. @param smoothing weight of the past, in [0, 1) */
export function plotLines(series: readonly ChartSeries[], smoothing: number): readonly PlotLine[] {
  return series.flatMap((one): PlotLine[] => {
    const band: PlotLine[] = isBanded(one)
      ? [
          { series: one, role: "low", y: one.low },
          { series: one, role: "high", y: one.high },
        ]
      : [];
    if (smoothing === 0) return [...band, { series: one, role: "value", y: one.y }];
    return [...band, { series: one, role: "raw", y: one.y }, { series: one, role: "value", y: smooth(one, smoothing) }];
  });
}

function isBanded(
  series: ChartSeries,
): series is ChartSeries & Required<Record<"low" | "high", readonly (number | null)[]>> {
  return (series.low ?? null) !== null && (series.high ?? null) !== null;
}

/** The lines over one common x: null is a gap, undefined a place where a line has no point and goes on. */
export function alignLines(lines: readonly PlotLine[]): uPlot.AlignedData {
  const [first] = lines;
  if (first === undefined) return [[]];
  if (lines.every(({ series }) => isSame(series.x, first.series.x)))
    return [[...first.series.x], ...lines.map(({ y }) => [...y])];
  return uPlot.join(lines.map(({ series, y }): uPlot.AlignedData => [[...series.x], [...y]]));
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}
