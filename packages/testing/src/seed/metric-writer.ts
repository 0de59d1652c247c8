import type { MetricRecord, TrajectoryStore } from "@litmus/core";

/** Rows of one call: a few megabytes. */
const rowsPerCall = 20_000;

/** Collects metric rows into calls of a fitting size. */
export function metricWriter(store: TrajectoryStore): {
  add(rows: readonly MetricRecord[]): Promise<void>;
  end(): Promise<void>;
} {
  let waiting: MetricRecord[] = [];
  const end = async (): Promise<void> => {
    const rows = waiting;
    waiting = [];
    await store.saveMetrics(rows);
  };
  return {
    add: async (rows) => {
      waiting.push(...rows);
      if (waiting.length >= rowsPerCall) await end();
    },
    end,
  };
}
