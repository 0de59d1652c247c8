import type { RunView, Series, XAxis } from "@litmus/api";
import type { ChartSeries } from "../charts/chart-series.ts";
import type { ChartZoom } from "../charts/chart-zoom.ts";
import type { ChartMark } from "../charts/plot-view.ts";
import { counted } from "../../format/counted.ts";
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

/** Stands in a chart whose stages are all left out. */
export const stillText = "Nothing moves on this axis";

export interface NoteLook {
  /** Whether the points are drawn as such, each with its interval, and not as a line with a band. */
  readonly hasPoints?: boolean;
  /** Whether an average is drawn before the line. */
  readonly isSmoothed?: boolean;
}

/** What is to be known of the points of one chart, and of what is drawn around them; null where nothing is. */
export function pointsNote(series: readonly DrawnSeries[], look: NoteLook = {}): string | null {
  const sampled = series.filter(({ isDownsampled }) => isDownsampled);
  const shown = sum(sampled.map((one) => one.shown));
  const total = sum(sampled.map((one) => one.total));
  const notFinite = sum(series.map((one) => one.notFinite));
  const leftOut = [...new Set(series.flatMap((one) => one.leftOut))];
  const notes = [
    ...intervalNotes(series, look),
    ...(sampled.length > 0
      ? [`down-sampled: ${formatCount(shown)} of ${formatCount(total)} points, lowest and highest kept`]
      : []),
    ...(notFinite > 0
      ? [`${formatCount(notFinite)} ${notFinite === 1 ? "value is" : "values are"} no finite number`]
      : []),
    ...(leftOut.length > 0
      ? [`without ${leftOut.join(", ")}: all its steps would stand at one place of this axis`]
      : []),
  ];
  return notes.length === 0 ? null : notes.join(" · ");
}

/** What the intervals are, and whether fewer runs than the mean is of are behind some of its points. */
function intervalNotes(series: readonly DrawnSeries[], { hasPoints = false, isSmoothed = false }: NoteLook): string[] {
  const kinds = [...new Set(series.filter(({ low }) => low !== null).map(intervalKind))];
  const whose = isSmoothed ? " of the raw values" : "";
  const means = series.flatMap(({ runIds, n }) => (n === null ? [] : [{ runs: runIds.length, n }]));
  const fewest = means.flatMap(({ runs, n }) => (n.some((one) => one < runs) ? [Math.min(...n)] : []));
  return [
    ...(kinds.length > 0 ? [`${hasPoints ? "bars" : "band"}${whose}: 95 %, ${kinds.join("; ")}`] : []),
    ...(fewest.length > 0
      ? [`some points are of ${counted(Math.min(...fewest), "run")} alone, as n says; one run has no band`]
      : []),
  ];
}

function intervalKind({ n, metric }: DrawnSeries): string {
  if (n !== null) return "Student’s t over the seeds";
  return metric.startsWith("evaluation.") ? "Wilson over the questions" : "Wilson over the groups of a step";
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
