import type { MetricInfo, XAxis } from "@litmus/api";
import { formatDuration } from "../../format/duration.ts";
import { formatCompact, formatCount, formatNumber, formatPercent } from "../../format/number.ts";

/** How a metric's values are written, by its unit. */
export function metricFormat({ unit }: Pick<MetricInfo, "unit">): (value: number) => string {
  if (unit === "share") return (value) => formatPercent(value);
  if (unit === "seconds") return (value) => formatDuration(value * 1000);
  if (unit === "tokens") return formatCompact;
  return formatNumber;
}

/** What a metric's axis spans at least: a share is seen against the whole only where it is one that is to grow. */
export function metricDomain({
  unit,
  group,
}: Pick<MetricInfo, "unit" | "group">): readonly [number, number] | undefined {
  if (unit !== "share") return undefined;
  return group === "learning" || group === "evaluation" ? [0, 1] : undefined;
}

export const axisLabels: Record<XAxis, string> = { step: "Step", time: "Time", tokens: "Tokens sampled" };

/** How places on x are written. */
export function axisFormat(x: XAxis): (value: number) => string {
  switch (x) {
    case "step":
      return (value) => (Number.isInteger(value) ? formatCount(value) : formatNumber(value, 1));
    case "time":
      return (value) => formatDuration(value * 1000);
    case "tokens":
      return formatCompact;
    default:
      return x satisfies never;
  }
}
