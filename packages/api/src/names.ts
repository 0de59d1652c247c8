import type { FailureBoundary, RolloutPurpose, RunStatus } from "@litmus/core";

/** @file The lists of `@litmus/core` that schemas need: core itself needs Node.js, which a browser lacks. A test holds them equal. */

export const runStatuses = ["running", "interrupted", "failed", "finished"] as const satisfies readonly RunStatus[];

export const rolloutPurposes = [
  "train",
  "evaluation",
  "evaluation-sampled",
  "ask",
] as const satisfies readonly RolloutPurpose[];

export const failureBoundaries = [
  "policy",
  "retrieval",
  "parser",
  "reward",
  "timeout",
  "queue",
] as const satisfies readonly FailureBoundary[];
