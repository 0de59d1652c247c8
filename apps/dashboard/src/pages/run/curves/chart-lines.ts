import { seedsPrefix } from "@litmus/api";
import type { ChartSeries } from "../../../components/charts/chart-series.ts";
import type { BoardChart } from "./board.ts";
import { chartSeries } from "../../../components/curves/curve-series.ts";
import type { DrawnSeries } from "../../../components/curves/drawn-series.ts";

export interface ChartLines {
  /** The curves of the chart as they came. */
  readonly own: readonly DrawnSeries[];
  readonly lines: readonly ChartSeries[];
}

/** The curves of one chart among those of any metrics; several metrics are told apart by their names, one by its run's. */
export function chartLines({ metrics }: BoardChart, series: readonly DrawnSeries[], runName: string): ChartLines {
  const isAlone = metrics.length === 1;
  const pairs = metrics.flatMap((metric, slot) =>
    series.filter((one) => one.metric === metric.name).map((one) => ({ one, metric, slot })),
  );
  return {
    own: pairs.map(({ one }) => one),
    lines: pairs.map(({ one, metric, slot }) => ({
      ...chartSeries(one, { label: isAlone ? sourceLabel(one, runName) : metric.label, slot }),
      id: metric.name,
    })),
  };
}

const sourceLabel = ({ source, runIds }: DrawnSeries, name: string): string =>
  source.startsWith(seedsPrefix) ? `${name}: mean of ${runIds.length} seeds` : name;
