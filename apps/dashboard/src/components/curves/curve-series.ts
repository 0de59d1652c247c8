import type { RunView, Series, XAxis } from "@litmus/api";
import type { ChartSeries } from "../charts/chart-series.ts";
import type { ChartZoom } from "../charts/chart-zoom.ts";
import type { ChartMark } from "../charts/plot-view.ts";
import { formatCount } from "../../format/number.ts";
import type { DrawnSeries } from "./drawn-series.ts";

/** How a source is named and drawn, whatever else is. */
export interface SourceLook {
  readonly label: string;
  readonly slot: number;
}

/** A stored curve as a chart draws it. It depends on this curve and its look alone. */
export function chartSeries(series: DrawnSeries, { label, slot }: SourceLook): ChartSeries {
  const { source, x, y, stage, step, unit, low, high, n } = series;
  return { id: source, label, slot, x, y, stage, step, unit, low, high, n };
}

/** The end of the longest of them, or a place beyond it. Where each begins, is its own: a stage need not have every metric. */
export function spanOf(series: readonly Series[], reached: number): ChartZoom {
  const end = series.reduce((most, { x }) => Math.max(most, x.at(-1) ?? 0), reached);
  return { from: end, to: end };
}

/** Where the stages begin on x, the first one aside: it begins where the chart does. */
export function stageMarks(stages: RunView["stages"], x: XAxis, series: readonly Series[]): ChartMark[] {
  return stages.flatMap(({ name, firstStep }, i) => {
    if (i === 0) return [];
    const at = x === "step" ? firstStep : firstPlace(name, series);
    return at === null ? [] : [{ x: at, label: name }];
  });
}

function firstPlace(stage: string, series: readonly Series[]): number | null {
  const places = series.flatMap((one) => one.x[one.stage.indexOf(stage)] ?? []);
  return places.length === 0 ? null : Math.min(...places);
}

/** What is to be known of the points of one chart; null where they are all there and finite. */
export function pointsNote(series: readonly DrawnSeries[]): string | null {
  const sampled = series.filter(({ isDownsampled }) => isDownsampled);
  const shown = sum(sampled.map(({ x }) => x.length));
  const total = sum(sampled.map((one) => one.total));
  const notFinite = sum(series.map((one) => one.notFinite));
  const leftOut = [...new Set(series.flatMap((one) => one.leftOut))];
  const notes = [
    ...(sampled.length > 0
      ? [`down-sampled: ${formatCount(shown)} of ${formatCount(total)} points, lowest and highest kept`]
      : []),
    ...(notFinite > 0
      ? [`${formatCount(notFinite)} ${notFinite === 1 ? "value is" : "values are"} no finite number`]
      : []),
    ...(leftOut.length > 0 ? [`without ${leftOut.join(", ")}: all its steps would stand at one place of this axis`] : []),
  ];
  return notes.length === 0 ? null : notes.join(" · ");
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
