import { policyVersion, problemId, type RolloutJob, runId } from "@litmus/core";

/** The job of one group of run `run-1`, stage `rl`, step 1: two members of one problem, from policy version 0. */
export function buildRolloutJob(group = 0, overrides: Partial<RolloutJob> = {}): RolloutJob {
  return {
    schemaVersion: 1,
    group: { runId: runId("run-1"), stage: "rl", step: 1, purpose: "train", group },
    problemId: problemId(`problem-${group}`),
    prompt: "trained",
    temperature: 0.7,
    seeds: [group * 2, group * 2 + 1],
    policyVersion: policyVersion(0),
    ...overrides,
  };
}
