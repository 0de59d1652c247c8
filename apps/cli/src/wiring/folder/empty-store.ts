import type { StoreReader } from "@litmus/server";

const nothing = async (): Promise<readonly never[]> => [];
const none = async (): Promise<null> => null;

/** What is read of a folder in which no run was made. */
export const emptyStore: StoreReader = {
  run: none,
  runs: nothing,
  problem: none,
  problems: nothing,
  trajectory: none,
  trajectories: nothing,
  summaries: nothing,
  rolloutKeys: nothing,
  rolloutTotals: nothing,
  trained: none,
  policyVersions: nothing,
  checkpoints: nothing,
  metrics: nothing,
  metricCurves: nothing,
  latestMetrics: nothing,
  evaluations: nothing,
  evaluationsOf: nothing,
  revisions: nothing,
  sizeBytes: async () => 0,
};
