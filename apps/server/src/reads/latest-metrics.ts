import type { LatestMetrics } from "@litmus/core";

/** What was written last of a metric. */
export interface LatestMetric {
  readonly stage: string;
  readonly value: number;
}

/** The last metrics of a run by their names; none of a run that has none. */
export function latestByName(columns: LatestMetrics | undefined): ReadonlyMap<string, LatestMetric> {
  const { names = [], stages = [], values = [] } = columns ?? {};
  return new Map(names.map((name, index) => [name, { stage: stages[index] ?? "", value: values[index] ?? NaN }]));
}
