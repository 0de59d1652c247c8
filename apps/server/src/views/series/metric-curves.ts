import type { MetricCurve, RunId } from "@litmus/core";
import type { StoreReads } from "../store-reads.ts";

/** Metrics of a run as columns, by name and stage; those of a group are read together. */
export async function metricCurves(
  reads: StoreReads,
  runId: RunId,
  names: readonly string[],
): Promise<readonly MetricCurve[]> {
  const group = names.join(" ");
  return reads.remember(runId, `curves ${group}`, () => reads.store.metricCurves(runId, names));
}
