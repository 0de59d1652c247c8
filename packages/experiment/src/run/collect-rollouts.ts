import {
  LitmusError,
  trajectoryId,
  type Agent,
  type Outcome,
  type Problem,
  type Reward,
  type RolloutKey,
  type StoredTrajectory,
  type Trajectory,
} from "@litmus/core";
import { checkLimits } from "./check-limits.ts";
import type { RunContext } from "./run-context.ts";

/** One trajectory to make. */
export interface RolloutRequest {
  readonly key: RolloutKey;
  readonly problem: Problem;
  readonly agent: Agent;
  readonly temperature: number;
  readonly seed: number;
}

/**
 * Makes the trajectories that the store does not hold yet, each stored with its reward before it counts,
 * and returns all of them in the order of the requests. Failed ones are stored last, when it is known that they are few:
 * after an outage that stopped the run, the same command makes them again.
 * @throws LitmusError `interrupted` when the run is asked to stop, `gate-failed` as soon as more episodes failed than
 * the config allows; what was finished is stored
 */
export async function collectRollouts(
  context: RunContext,
  requests: readonly RolloutRequest[],
): Promise<StoredTrajectory[]> {
  const collected = await storedBefore(context, requests);
  const open = requests.filter((request) => !collected.has(trajectoryId(request.key)));
  const failed = [...collected.values()].filter((entry) => entry.reward === null);
  const failedBefore = failed.length;
  let done = requests.length - open.length;
  await forEachConcurrently(open, context.config.policy.slots, async (request) => {
    context.signal.throwIfAborted();
    const entry = await makeRollout(context, request);
    if (entry.reward === null) checkLimits(context, { failed: [...failed, entry], total: requests.length });
    if (entry.reward === null) failed.push(entry);
    else await context.store.saveTrajectories([entry]);
    collected.set(entry.id, entry);
    done += 1;
    reportProgress(context, request, { done, total: requests.length });
  }).catch((cause: unknown) => {
    if (context.signal.aborted) throw interrupted();
    throw cause;
  });
  for (const entry of failed.slice(failedBefore)) await context.store.saveTrajectories([entry]);
  return requests.map((request) => collected.get(trajectoryId(request.key)) as StoredTrajectory);
}

async function storedBefore(
  context: RunContext,
  requests: readonly RolloutRequest[],
): Promise<Map<string, StoredTrajectory>> {
  const first = requests[0];
  if (first === undefined) return new Map();
  const { stage, step, purpose } = first.key;
  const entries = await context.store.trajectories({ runId: context.runId, stage, step, purpose });
  const stored = new Map(entries.map((entry) => [entry.id, entry]));
  for (const { key, problem } of requests) {
    const entry = stored.get(trajectoryId(key));
    if (entry !== undefined && entry.problemId !== problem.id)
      throw new LitmusError("bug", `the stored trajectory ${entry.id} answers another problem than ${problem.id}`);
  }
  return stored;
}

async function makeRollout(context: RunContext, request: RolloutRequest): Promise<StoredTrajectory> {
  const { budgets, timeoutMs } = context.config.agent;
  const trajectory = await request.agent.run(request.problem.question, context.policy, context.retriever, {
    seed: request.seed,
    temperature: request.temperature,
    budgets,
    timeoutMs,
    signal: context.signal,
  });
  // A cancelled episode is unfinished, not failed: it is made again from its seed.
  context.signal.throwIfAborted();
  return scoreTrajectory(context, request, trajectory);
}

function scoreTrajectory(context: RunContext, request: RolloutRequest, trajectory: Trajectory): StoredTrajectory {
  const unscored = { id: trajectoryId(request.key), key: request.key, problemId: request.problem.id, trajectory };
  if (trajectory.outcome.type === "failed") {
    const { stage, step } = request.key;
    context.emit({ type: "episode-failed", stage, step, failure: trajectory.outcome.failure });
    return { ...unscored, reward: null, rewardFailure: null };
  }
  const reward: Outcome<Reward> = context.verify(trajectory, request.problem);
  if (reward.ok) return { ...unscored, reward: reward.value, rewardFailure: null };
  context.emit({ type: "episode-failed", stage: request.key.stage, step: request.key.step, failure: reward.failure });
  return { ...unscored, reward: null, rewardFailure: reward.failure };
}

function reportProgress(context: RunContext, request: RolloutRequest, count: { done: number; total: number }): void {
  const { stage, step, purpose } = request.key;
  context.emit({ type: "rollouts-progress", stage, step, purpose, ...count });
}

export function interrupted(): LitmusError {
  return new LitmusError("interrupted", "the run was interrupted; everything finished is stored", {
    hint: "the same command goes on from here",
    retryable: true,
  });
}

/** At most `limit` at once, started in order; the first rejection is passed on after the others have settled. */
async function forEachConcurrently<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker));
  const rejected = results.find((result) => result.status === "rejected");
  if (rejected !== undefined) throw rejected.reason;
}
