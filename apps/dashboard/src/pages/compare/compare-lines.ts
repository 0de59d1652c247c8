import type { ChartSeries } from "../../components/charts/chart-series.ts";
import { chartSeries } from "../../components/curves/curve-series.ts";
import type { DrawnSeries } from "../../components/curves/drawn-series.ts";
import type { ComparedCurve } from "./compared-curves.ts";

/** Each curve with its look, in their order. A curve depends on its own runs alone. */
export function compareLines(series: readonly DrawnSeries[], curves: readonly ComparedCurve[]): readonly ChartSeries[] {
  const bySource = new Map(series.map((one) => [one.source, one]));
  return curves.flatMap((curve) => {
    const one = bySource.get(curve.source);
    return one === undefined ? [] : [{ ...chartSeries(one, curve), id: curve.id }];
  });
}
