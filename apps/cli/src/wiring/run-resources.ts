import type { MetricRecord, RunId, TrajectoryStore } from "@litmus/core";

/** What a run took, summed over the processes that worked on it. */
export interface RunResources {
  /** Without downloads. */
  readonly seconds: number;
  readonly downloadSeconds: number;
  readonly peakRssGiB: number;
}

const stage = "run";

/** Adds one process's share to what the run took before. */
export async function addResources(store: TrajectoryStore, runId: RunId, used: RunResources): Promise<RunResources> {
  const session = (await sessionsOf(store, runId)).size + 1;
  const rows = Object.entries(used).map(([name, value]) => ({ runId, stage, step: session, name, value }));
  await store.saveMetrics(rows);
  return readResources(store, runId);
}

/** @returns zeros for a run of which no process ended by itself */
export async function readResources(store: Pick<TrajectoryStore, "metrics">, runId: RunId): Promise<RunResources> {
  const sessions = [...(await sessionsOf(store, runId)).values()];
  const sum = (name: keyof RunResources): number =>
    sessions.reduce((total, session) => total + (session.get(name) ?? 0), 0);
  return {
    seconds: sum("seconds"),
    downloadSeconds: sum("downloadSeconds"),
    peakRssGiB: Math.max(0, ...sessions.map((session) => session.get("peakRssGiB") ?? 0)),
  };
}

async function sessionsOf(
  store: Pick<TrajectoryStore, "metrics">,
  runId: RunId,
): Promise<Map<number, Map<string, number>>> {
  const rows: readonly MetricRecord[] = (await store.metrics(runId)).filter((row) => row.stage === stage);
  const sessions = Map.groupBy(rows, (row) => row.step);
  return new Map([...sessions].map(([step, metrics]) => [step, new Map(metrics.map((row) => [row.name, row.value]))]));
}
