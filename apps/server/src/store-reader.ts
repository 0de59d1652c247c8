import type { TrajectoryStore } from "@litmus/core";

/** What may be read of a store without holding its folder. */
export type StoreReader = Pick<
  TrajectoryStore,
  | "run"
  | "runs"
  | "problem"
  | "trajectory"
  | "trajectories"
  | "rolloutKeys"
  | "policyVersions"
  | "checkpoints"
  | "metrics"
  | "evaluations"
>;
