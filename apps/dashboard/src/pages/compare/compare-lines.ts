import type { ChartSeries } from "../../components/charts/chart-series.ts";
import { chartSeries } from "../../components/curves/curve-series.ts";
import type { DrawnSeries } from "../../components/curves/drawn-series.ts";
import type { RunLook } from "./run-labels.ts";

/** Each run's curve with the run's look, in the order of the looks. A curve depends on its own run alone. */
export function compareLines(series: readonly DrawnSeries[], looks: readonly RunLook[]): readonly ChartSeries[] {
  const bySource = new Map(series.map((one) => [one.source, one]));
  return looks.flatMap((look) => {
    const one = bySource.get(look.run.id);
    return one === undefined ? [] : [chartSeries(one, look)];
  });
}
