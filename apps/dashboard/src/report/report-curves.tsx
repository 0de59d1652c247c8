import type { ReportData, RunView } from "@litmus/api";
import { useId } from "react";
import type { ReactNode } from "react";
import { ChartLegend } from "../components/charts/chart-legend.tsx";
import { ChartTable } from "../components/charts/chart-table.tsx";
import type { ChartZoom } from "../components/charts/chart-zoom.ts";
import { CurveSvg } from "../components/charts/curve-svg.tsx";
import { runLabel } from "../format/run-label.ts";
import { chartLines } from "../pages/run/curves/chart-lines.ts";
import { fixedBoard } from "../pages/run/curves/board.ts";
import type { BoardChart, BoardGroup } from "../pages/run/curves/board.ts";
import { pointsNote, spanOf, stageMarks } from "../components/curves/curve-series.ts";
import { drawnSeries } from "../components/curves/drawn-series.ts";
import type { DrawnSeries } from "../components/curves/drawn-series.ts";
import { axisFormat, axisLabels, metricDomain, metricFormat } from "../components/curves/metric-format.ts";
import styles from "./report.module.css";

/** The fixed board of a run's page, drawn once: curves with their bands, evaluations with their intervals, and the numbers. */
export function ReportCurves({ run, series }: Pick<ReportData, "run" | "series">): ReactNode {
  const groups = fixedBoard(run.metrics);
  if (groups.length === 0) return <p className={styles.nothing}>No step is stored, so there is no curve.</p>;
  const drawn = series.series.map((one) => drawnSeries(series.x, one));
  return groups.map((group) => <CurveGroup key={group.id} view={run} group={group} series={drawn} />);
}

interface CurveGroupProps {
  readonly view: RunView;
  readonly group: BoardGroup;
  readonly series: readonly DrawnSeries[];
}

function CurveGroup({ view, group, series }: CurveGroupProps): ReactNode {
  const titleId = useId();
  const names = new Set(group.charts.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const own = series.filter(({ metric }) => names.has(metric));
  const span = spanOf(own, view.progress.doneSteps);
  return (
    <section aria-labelledby={titleId} className={styles.group}>
      <h2 id={titleId}>{group.title}</h2>
      <div className={styles.charts}>
        {group.charts.map((chart) => (
          <ReportChart key={chart.id} view={view} chart={chart} series={own} span={span} />
        ))}
      </div>
    </section>
  );
}

interface ReportChartProps {
  readonly view: RunView;
  readonly chart: BoardChart;
  readonly series: readonly DrawnSeries[];
  /** What x spans at least: as on the page, the end of the charts beside it. */
  readonly span: ChartZoom;
}

const nothingHidden: ReadonlySet<string> = new Set();

function ReportChart({ view, chart, series, span }: ReportChartProps): ReactNode {
  const titleId = useId();
  const { run, stages } = view;
  const { own, lines } = chartLines(chart, series, runLabel(run.name, run.id));
  const [metric] = chart.metrics;
  const domain = metric === undefined ? undefined : metricDomain(metric);
  const format = { formatX: axisFormat("step"), formatY: metricFormat(metric ?? { unit: "" }) };
  const hasPoints = metric?.group === "evaluation";
  const note = pointsNote(own, { hasPoints });
  return (
    <figure className={styles.chart} aria-labelledby={titleId}>
      <figcaption>
        <h3 id={titleId}>{chart.title}</h3>
        <p className={styles.hint}>{chart.hint}</p>
      </figcaption>
      <CurveSvg
        label={`${chart.title} by step; the table beneath holds its numbers`}
        series={lines}
        width={340}
        height={170}
        span={[span.from, span.to]}
        marks={stageMarks(stages, "step", own)}
        hasPoints={hasPoints}
        {...format}
        {...(domain === undefined ? {} : { domain })}
      />
      {lines.length > 1 && <ChartLegend series={lines} hidden={nothingHidden} />}
      {note !== null && <p className={styles.hint}>{note}</p>}
      <details className={styles.numbers}>
        <summary>As a table</summary>
        <ChartTable
          title={chart.title}
          series={lines}
          hidden={nothingHidden}
          xLabel={axisLabels.step}
          zoom={null}
          {...format}
        />
      </details>
    </figure>
  );
}
