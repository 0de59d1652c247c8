import type uPlot from "uplot";
import type { LineRole, PlotLine } from "./plot-lines.ts";

/** A point on the canvas, in its pixels. */
export interface ShownPoint {
  readonly slot: number;
  readonly left: number;
  readonly top: number;
  /** Ends of its interval, both or none. */
  readonly low: number | null;
  readonly high: number | null;
}

/** What is asked of a plot. */
export type MeasuredPlot = Pick<uPlot, "data" | "series" | "valToPos"> & {
  readonly bbox: Pick<uPlot.BBox, "left" | "width">;
};

/** The points of the lines that are shown, where they stand on the drawing; those beside it are left out. */
export function shownPoints(plot: MeasuredPlot, lines: readonly PlotLine[]): readonly ShownPoint[] {
  const { bbox, data } = plot;
  return lines.flatMap(({ series, role }, line): ShownPoint[] => {
    if (role !== "value" || plot.series[line + 1]?.show !== true) return [];
    const edge = (wanted: LineRole, at: number): number | null => {
      const index = lines.findIndex((one) => one.series === series && one.role === wanted);
      const value = index < 0 ? null : (data[index + 1]?.[at] ?? null);
      return value === null ? null : plot.valToPos(value, "y", true);
    };
    return [...(data[line + 1] ?? [])].flatMap((value, at) => {
      const left = plot.valToPos(data[0][at] ?? Number.NaN, "x", true);
      const isBeside = !(left >= bbox.left && left <= bbox.left + bbox.width + 1);
      if (value === null || value === undefined || isBeside) return [];
      const [low, high] = [edge("low", at), edge("high", at)];
      return [{ slot: series.slot, left, top: plot.valToPos(value, "y", true), low, high }];
    });
  });
}
