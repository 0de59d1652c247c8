import type uPlot from "uplot";
import type { PlotLine } from "./plot-lines.ts";
import type { PlotReading } from "./plot-view.ts";

/** The values of the shown lines under a plot's crosshair; null where it is not over the plot. */
export function readingAt(plot: uPlot, lines: readonly PlotLine[]): PlotReading | null {
  const { idx, idxs, left } = plot.cursor;
  if (idx === null || idx === undefined || left === undefined || left < 0) return null;
  const values = lines.flatMap(({ series, role }, i) => {
    const at = idxs?.[i + 1] ?? idx;
    const y = plot.data[i + 1]?.[at];
    const isRead = role === "value" && plot.series[i + 1]?.show === true && typeof y === "number";
    return isRead ? [{ id: series.id, y }] : [];
  });
  return { x: plot.data[0][idx] ?? 0, isLeft: left < plot.over.clientWidth / 2, values };
}
