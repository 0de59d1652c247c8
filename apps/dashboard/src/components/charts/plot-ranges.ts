import type uPlot from "uplot";
import type { ChartZoom } from "./chart-zoom.ts";

/** What is asked of a plot. */
export type RangedPlot = Pick<uPlot, "scales" | "data">;

/** The range of x that is shown. */
export function shownRange(plot: RangedPlot): ChartZoom {
  const { min, max } = plot.scales["x"] ?? {};
  return { from: min ?? 0, to: max ?? 1 };
}

/** The range of x that has points. */
export function wholeRange(plot: RangedPlot): ChartZoom {
  return { from: plot.data[0][0] ?? 0, to: plot.data[0].at(-1) ?? 1 };
}
