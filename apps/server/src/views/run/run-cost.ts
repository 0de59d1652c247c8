import type { RunView } from "@litmus/api";
import { sum, valuesOf, type RunRows } from "./run-rows.ts";

/** What the run took up to now: by its processes' own count, or by its steps where that is not stored yet. */
export function runCost({ curves, resources, totals }: RunRows): RunView["cost"] {
  const peaks = valuesOf(resources, "peakRssGiB");
  return {
    seconds: Math.max(sum(valuesOf(resources, "seconds")), sum(valuesOf(curves, "seconds"))),
    sampledTokens: sum(totals.map(({ sampledTokens }) => sampledTokens)),
    trajectories: sum(totals.map(({ trajectories }) => trajectories)),
    failed: sum(totals.map(({ failed }) => failed)),
    peakRssGiB: peaks.length === 0 ? null : Math.max(...peaks),
  };
}
