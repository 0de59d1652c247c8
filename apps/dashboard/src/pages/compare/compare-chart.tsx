import type { MetricInfo } from "@litmus/api";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { LineChart } from "../../components/charts/line-chart.tsx";
import { ErrorState } from "../../components/layout/error-state.tsx";
import { Skeleton } from "../../components/layout/skeleton.tsx";
import { useSeries } from "../../queries/use-series.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { withOrWithout } from "../../state/with-or-without.ts";
import { pointsNote, stillText } from "../../components/curves/curve-series.ts";
import { axisFormat, axisLabels, metricDomain, metricFormat } from "../../components/curves/metric-format.ts";
import { compareLines } from "./compare-lines.ts";
import type { ComparedCurve } from "./compared-curves.ts";
import { compareView } from "./search.ts";

export interface CompareChartProps {
  readonly metric: MetricInfo;
  readonly curves: readonly ComparedCurve[];
}

/** One metric of all curves. One that is hidden is still fetched: showing it again costs nothing and moves nothing. */
export function CompareChart({ metric, curves }: CompareChartProps): ReactNode {
  const [{ x: wanted, smooth, zoom, hidden: hiddenIds, tables }, change] = useViewState(compareView);
  const sources = curves.map(({ source }) => source);
  const runIds = curves.flatMap((curve) => curve.runIds);
  const fetched = useSeries({ sources, runIds, metrics: [metric.name], x: wanted, zoom });
  const { series, x, error, refetch } = fetched;
  const lines = useMemo(() => compareLines(series, curves), [series, curves]);
  const hidden = useMemo(() => new Set(hiddenIds), [hiddenIds]);
  const hiddenSources = new Set(curves.flatMap(({ id, source }) => (hidden.has(id) ? [source] : [])));
  const domain = useMemo(() => metricDomain(metric), [metric]);
  const hasPoints = metric.group === "evaluation";
  const smoothing = hasPoints ? 0 : smooth;
  const drawn = series.filter(({ source }) => !hiddenSources.has(source));
  const note = pointsNote(drawn, { hasPoints, isSmoothed: smoothing > 0 });
  if (fetched.isPending) return <Skeleton height="20rem" label={`Loading ${metric.label}`} />;
  return (
    <div>
      {error !== null && <ErrorState error={error} onRetry={refetch} />}
      <LineChart
        title={metric.label}
        hint={metric.hint}
        series={lines}
        hidden={hidden}
        onToggle={(id) => change({ hidden: withOrWithout(hiddenIds, id, !hidden.has(id)) })}
        hasLegend
        xLabel={axisLabels[x]}
        formatX={axisFormat(x)}
        formatY={metricFormat(metric)}
        smoothing={smoothing}
        hasPoints={hasPoints}
        syncKey="compare"
        zoom={zoom}
        onZoom={(next) => change({ zoom: next })}
        isTable={tables.includes(metric.name)}
        onTable={(isTable) => change({ tables: withOrWithout(tables, metric.name, isTable) })}
        height={260}
        {...(drawn.some(({ leftOut }) => leftOut.length > 0) ? { empty: stillText } : {})}
        {...(domain === undefined ? {} : { domain })}
        {...(note === null ? {} : { note })}
      />
    </div>
  );
}
