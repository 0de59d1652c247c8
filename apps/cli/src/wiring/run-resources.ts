import type { MetricRecord, RunId, TrajectoryStore } from "@litmus/core";

/** What a run took, summed over the processes that worked on it. */
export interface RunResources {
  /** Without downloads. */
  readonly seconds: number;
  readonly downloadSeconds: number;
  readonly peakRssGiB: number;
}

/** Keeps count of what this process uses. */
export interface ResourceMeter {
  /** Stores what was used since the last mark, so that a process that is killed later has not worked for nothing. */
  mark(): void;
  /** Stores the rest. @throws what the store says when it cannot */
  end(): Promise<void>;
}

interface Metering {
  readonly store: TrajectoryStore;
  readonly runId: RunId;
  /** What this process used up to now. */
  readonly used: () => RunResources;
}

const stage = "run";

/** Adds what this process uses to what the run took before. */
export function meterResources({ store, runId, used }: Metering): ResourceMeter {
  let stored: RunResources = { seconds: 0, downloadSeconds: 0, peakRssGiB: 0 };
  let pending = Promise.resolve();
  let refused: unknown = null;
  const add = async (): Promise<void> => {
    const now = used();
    await addSpan(store, runId, {
      seconds: now.seconds - stored.seconds,
      downloadSeconds: now.downloadSeconds - stored.downloadSeconds,
      peakRssGiB: now.peakRssGiB,
    });
    stored = now;
    // What an earlier mark could not store is in this one.
    refused = null;
  };
  const mark = (): void => void (pending = pending.then(add).catch((cause: unknown) => void (refused = cause)));
  return {
    mark,
    end: async () => {
      mark();
      await pending;
      if (refused !== null) throw refused;
    },
  };
}

async function addSpan(store: TrajectoryStore, runId: RunId, used: RunResources): Promise<void> {
  const step = (await spansOf(store, runId)).size + 1;
  await store.saveMetrics(Object.entries(used).map(([name, value]) => ({ runId, stage, step, name, value })));
}

/** @returns zeros for a run that ended before its first mark */
export async function readResources(store: Pick<TrajectoryStore, "metrics">, runId: RunId): Promise<RunResources> {
  const spans = [...(await spansOf(store, runId)).values()];
  const sum = (name: keyof RunResources): number => spans.reduce((total, span) => total + (span.get(name) ?? 0), 0);
  return {
    seconds: sum("seconds"),
    downloadSeconds: sum("downloadSeconds"),
    peakRssGiB: Math.max(0, ...spans.map((span) => span.get("peakRssGiB") ?? 0)),
  };
}

async function spansOf(
  store: Pick<TrajectoryStore, "metrics">,
  runId: RunId,
): Promise<Map<number, Map<string, number>>> {
  const rows: readonly MetricRecord[] = (await store.metrics(runId)).filter((row) => row.stage === stage);
  const spans = Map.groupBy(rows, (row) => row.step);
  return new Map([...spans].map(([step, metrics]) => [step, new Map(metrics.map((row) => [row.name, row.value]))]));
}
