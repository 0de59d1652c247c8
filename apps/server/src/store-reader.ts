import type { TrajectoryStore } from "@litmus/core";

/** What may be read of a store without holding its folder. */
export type StoreReader = Pick<
  TrajectoryStore,
  | "run"
  | "runs"
  | "problem"
  | "problems"
  | "trajectory"
  | "trajectories"
  | "rolloutKeys"
  | "summaries"
  | "rolloutTotals"
  | "trained"
  | "policyVersions"
  | "checkpoints"
  | "metrics"
  | "metricCurves"
  | "latestMetrics"
  | "evaluations"
  | "evaluationsOf"
  | "revisions"
  | "sizeBytes"
>;
