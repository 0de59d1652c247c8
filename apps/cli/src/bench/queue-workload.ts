import {
  deriveSeed,
  LitmusError,
  policyVersion,
  type Problem,
  type RolloutJob,
  type RolloutQueue,
  type RunId,
} from "@litmus/core";

export const groupSize = 8;
/** Groups that are dispatched together and waited for, as a step's are. */
const groupsPerStep = 125;

/** Dispatches so many rollouts, step by step. @returns seconds */
export async function timeRollouts(workload: {
  readonly queue: RolloutQueue;
  readonly runId: RunId;
  readonly problems: readonly Problem[];
  readonly rollouts: number;
  /** Called with the share of the rollouts that is done. */
  readonly onProgress: (share: number) => void;
}): Promise<number> {
  const { queue, runId, problems, rollouts, onProgress } = workload;
  const groups = Math.ceil(rollouts / groupSize);
  const start = performance.now();
  for (let first = 0; first < groups; first += groupsPerStep) {
    const count = Math.min(groupsPerStep, groups - first);
    const jobs = Array.from({ length: count }, (_, index) => jobOf(runId, problems, first + index));
    await queue.dispatch(jobs, { signal: new AbortController().signal, onSettled: (_, outcome) => refuse(outcome) });
    onProgress(Math.min(1, (first + count) / groups));
  }
  return (performance.now() - start) / 1000;
}

function jobOf(runId: RunId, problems: readonly Problem[], group: number): RolloutJob {
  return {
    schemaVersion: 1,
    group: { runId, stage: "bench", step: 1 + Math.floor(group / groupsPerStep), purpose: "train", group },
    problemId: (problems[group % problems.length] as Problem).id,
    prompt: "trained",
    temperature: 1,
    seeds: Array.from({ length: groupSize }, (_, member) => deriveSeed("bench queue", group, member)),
    policyVersion: policyVersion(0),
  };
}

function refuse(outcome: Parameters<Parameters<RolloutQueue["dispatch"]>[1]["onSettled"]>[1]): void {
  if (outcome.type === "done" && outcome.failed.length === 0) return;
  const failure = outcome.type === "dead" ? outcome.failure : outcome.failed[0]?.trajectory.outcome;
  throw new LitmusError("unavailable", `a group could not be made: ${JSON.stringify(failure)}`);
}
