import type { IntervalView, UncountedEstimate } from "@litmus/api";
import { formatNumber, formatPercent, noValue } from "./number.ts";

/** How an estimate's numbers are written: a share as a percentage, or a plain number. */
export type EstimateUnit = "share" | "number";

/** An interval without its unit: `31.2–44.1`. */
export function formatInterval({ low, high }: IntervalView, unit: EstimateUnit): string {
  const write = (value: number): string => (unit === "share" ? formatNumber(value * 100, 1) : formatNumber(value));
  return `${write(low)}–${write(high)}`;
}

/** The value alone: `37.5 %` or `1.42`. */
export function formatEstimateValue({ value }: UncountedEstimate, unit: EstimateUnit): string {
  return unit === "share" ? formatPercent(value) : formatNumber(value);
}

/** The value with its 95 % interval: `37.5 % (31.2–44.1)`. */
export function formatEstimate(estimate: UncountedEstimate | null, unit: EstimateUnit): string {
  if (estimate === null || estimate.value === null) return noValue;
  const value = formatEstimateValue(estimate, unit);
  return estimate.ci95 === null ? value : `${value} (${formatInterval(estimate.ci95, unit)})`;
}
