import type uPlot from "uplot";
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

/**
 * The lines over one common x: null is a gap, undefined a place where a line has no point and goes on. Points of a line that
 * stand at one place of x all stay, one after the other.
 */
export function alignLines(lines: readonly PlotLine[]): uPlot.AlignedData {
  const [first] = lines;
  if (first === undefined) return [[]];
  if (lines.every(({ series }) => isSame(series.x, first.series.x)))
    return [[...first.series.x], ...lines.map(({ y }) => [...y])];
  const { x, startOf } = commonPlaces(lines.map(({ series }) => series.x));
  return [x, ...lines.map(({ series, y }) => placed(series.x, y, startOf, x.length))];
}

/** Every place of the axes, ascending, as often as one of them has it, and where each begins. */
function commonPlaces(axes: readonly (readonly number[])[]): { x: number[]; startOf: ReadonlyMap<number, number> } {
  const counts = new Map<number, number>();
  for (const axis of new Set(axes)) {
    let count = 0;
    axis.forEach((at, i) => {
      count = at === axis[i - 1] ? count + 1 : 1;
      counts.set(at, Math.max(counts.get(at) ?? 0, count));
    });
  }
  const startOf = new Map<number, number>();
  const x: number[] = [];
  for (const [at, count] of [...counts].sort(([a], [b]) => a - b)) {
    startOf.set(at, x.length);
    for (let i = 0; i < count; i++) x.push(at);
  }
  return { x, startOf };
}

function placed(
  x: readonly number[],
  y: readonly (number | null)[],
  startOf: ReadonlyMap<number, number>,
  length: number,
): (number | null | undefined)[] {
  const column = Array.from({ length }, (): number | null | undefined => undefined);
  let before = 0;
  x.forEach((at, i) => {
    before = at === x[i - 1] ? before + 1 : 0;
    column[(startOf.get(at) ?? 0) + before] = y[i];
  });
  return column;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}
