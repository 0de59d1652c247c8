import type uPlot from "uplot";
import { pointAt } from "./chart-rows.ts";
import type { PlotLine } from "./plot-lines.ts";
import type { PlotReading } from "./plot-view.ts";

/** What is asked of a plot. */
export type ReadPlot = Pick<uPlot, "cursor" | "data" | "series"> & { readonly over: { readonly clientWidth: number } };

/** The values of the shown lines under a plot's crosshair; null where it is not over the plot. */
export function readingAt(plot: ReadPlot, lines: readonly PlotLine[]): PlotReading | null {
  const { idx, idxs, left } = plot.cursor;
  if (idx === null || idx === undefined || left === undefined || left < 0) return null;
  const smoothed = new Set(lines.flatMap(({ series, role }) => (role === "raw" ? [series.id] : [])));
  const values = lines.flatMap(({ series, role }, i) => {
    const at = idxs?.[i + 1] ?? idx;
    const drawn = plot.data[i + 1]?.[at];
    const isRead = role === "value" && plot.series[i + 1]?.show === true && typeof drawn === "number";
    if (!isRead) return [];
    const point = pointAt(series, indexIn(series.x, plot.data[0], at));
    return [{ id: series.id, point, smoothed: smoothed.has(series.id) ? drawn : null }];
  });
  return { x: plot.data[0][idx] ?? 0, isLeft: left < plot.over.clientWidth / 2, values };
}

/** Which point of a series stands at an index of the common places: those of one place are in the same order in both. */
function indexIn(x: readonly number[], places: ArrayLike<number>, at: number): number {
  let first = at;
  while (first > 0 && places[first - 1] === places[at]) first -= 1;
  return x.indexOf(places[at] ?? Number.NaN) + at - first;
}
