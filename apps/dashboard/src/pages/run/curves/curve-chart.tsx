import type { RunView, XAxis } from "@litmus/api";
import { useMemo } from "react";
import type { ReactNode } from "react";
import type { ChartZoom } from "../../../components/charts/chart-zoom.ts";
import { LineChart } from "../../../components/charts/line-chart.tsx";
import { runLabel } from "../../../format/run-label.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import { withOrWithout } from "../../../state/with-or-without.ts";
import { runView } from "../search.ts";
import type { BoardChart } from "./board.ts";
import { chartLines } from "./chart-lines.ts";
import { pointsNote, stageMarks, stillText } from "../../../components/curves/curve-series.ts";
import type { DrawnSeries } from "../../../components/curves/drawn-series.ts";
import { axisFormat, axisLabels, metricDomain, metricFormat } from "../../../components/curves/metric-format.ts";

export interface CurveChartProps {
  readonly view: RunView;
  readonly chart: BoardChart;
  /** Of any metrics; those of this chart are drawn. */
  readonly series: readonly DrawnSeries[];
  readonly x: XAxis;
  /** What x spans at least: the end of the charts beside it. */
  readonly span: ChartZoom;
}

/** One chart of a run's steps. Scores of evaluations are few and stand far apart: they are never smoothed. */
export function CurveChart({ view, chart, series, x, span }: CurveChartProps): ReactNode {
  const { run, stages } = view;
  const name = runLabel(run.name, run.id);
  const [{ smooth, zoom, hidden: hiddenIds, tables }, change] = useViewState(runView);
  const hidden = useMemo(() => new Set(hiddenIds), [hiddenIds]);
  const { own, lines } = useMemo(() => chartLines(chart, series, name), [chart, series, name]);
  const marks = useMemo(() => stageMarks(stages, x, own), [stages, x, own]);
  const [metric] = chart.metrics;
  const domain = metric === undefined ? undefined : metricDomain(metric);
  const hasPoints = metric?.group === "evaluation";
  const smoothing = hasPoints ? 0 : smooth;
  const note = pointsNote(own, { hasPoints, isSmoothed: smoothing > 0 });
  return (
    <LineChart
      title={chart.title}
      hint={chart.hint}
      series={lines}
      hidden={hidden}
      onToggle={(id) => change({ hidden: withOrWithout(hiddenIds, id, !hidden.has(id)) })}
      xLabel={axisLabels[x]}
      formatX={axisFormat(x)}
      formatY={metricFormat(metric ?? { unit: "" })}
      smoothing={smoothing}
      hasPoints={hasPoints}
      marks={marks}
      span={span}
      syncKey={`run:${run.id}`}
      zoom={zoom}
      onZoom={(next) => change({ zoom: next })}
      isTable={tables.includes(chart.id)}
      onTable={(isTable) => change({ tables: withOrWithout(tables, chart.id, isTable) })}
      {...(own.some(({ leftOut }) => leftOut.length > 0) ? { empty: stillText } : {})}
      {...(domain === undefined ? {} : { domain })}
      {...(note === null ? {} : { note })}
    />
  );
}
