import type { MetricInfo, XAxis } from "@litmus/api";
import { formatDuration } from "../../format/duration.ts";
import { formatCompact, formatNumber, formatPercent } from "../../format/number.ts";
import type { NumberFormat } from "../../format/number.ts";

/** How a metric's values are written, by its unit. */
export function metricFormat({ unit }: Pick<MetricInfo, "unit">): NumberFormat {
  if (unit === "share") return (value, decimals = shareDecimals(value)) => formatPercent(value, decimals);
  if (unit === "seconds") return formatSeconds;
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
export function axisFormat(x: XAxis): NumberFormat {
  switch (x) {
    case "step":
      return (value, decimals = Number.isInteger(value) ? 0 : 1) => formatNumber(value, decimals);
    case "time":
      return formatSeconds;
    case "tokens":
      return formatCompact;
    default:
      return x satisfies never;
  }
}

/** In its two largest units, or in seconds where parts of one are to be told apart. */
const formatSeconds: NumberFormat = (seconds, decimals = 0) =>
  decimals === 0 ? formatDuration(seconds * 1000) : `${formatNumber(seconds, decimals)} s`;

/** One of the percentage, or as many as two digits need where it is smaller. */
function shareDecimals(share: number): number {
  const percent = Math.abs(share * 100);
  return percent > 0 && percent < 0.1 ? Math.min(6, 1 - Math.floor(Math.log10(percent))) : 1;
}
