import {
  LitmusError,
  trajectoryId,
  type Agent,
  type GroupClaim,
  type Outcome,
  type Policy,
  type PolicyVersion,
  type Problem,
  type Retriever,
  type Reward,
  type RolloutAttempt,
  type RolloutJob,
  type RolloutJobResult,
  type RolloutKey,
  type StoredTrajectory,
  type Trajectory,
  type TrajectoryStore,
} from "@litmus/core";
import type { ExperimentConfig } from "../config/schema.ts";

/** What groups of one run are made with, in the run's own process or in a worker's. */
export interface GroupMaker {
  readonly config: Pick<ExperimentConfig, "agent">;
  readonly store: TrajectoryStore;
  readonly retriever: Retriever;
  readonly agents: { readonly base: Agent; readonly trained: Agent };
  readonly verify: (trajectory: Trajectory, problem: Problem) => Outcome<Reward>;
  /** The policy at a version. @throws LitmusError when it cannot be had, or is not the one that was published */
  readonly policyAt: (version: PolicyVersion) => Promise<Policy>;
  /** Waits for one of the places that episodes of all groups share. */
  readonly inTurn: <T>(episode: () => Promise<T>) => Promise<T>;
}

/**
 * Makes the members of a group that the store does not hold yet. Each is stored with its reward as soon as it ended, under
 * a claim on the group, so that a worker that was given up cannot write any more; failed ones are returned.
 * @throws LitmusError `conflict` when another attempt took the group over; the signal's reason when it was aborted
 */
export async function makeGroup(
  maker: GroupMaker,
  job: RolloutJob,
  attempt: RolloutAttempt,
): Promise<RolloutJobResult> {
  const { group, seeds } = job;
  const problem = await maker.store.problem(group.runId, job.problemId);
  if (problem === null) throw new LitmusError("not-found", `run ${group.runId} has no problem ${job.problemId}`);
  // A claim would fence whoever has the group by now.
  attempt.signal.throwIfAborted();
  const { claim, stored } = await maker.store.claimGroup(group, job.policyVersion);
  const policy = await maker.policyAt(job.policyVersion);
  const episodes = seeds.flatMap((seed, member): Episode[] =>
    stored.includes(member) ? [] : [{ key: { ...group, member }, problem, seed, job, attempt, policy }],
  );
  const made = await allSettled(episodes.map((episode) => maker.inTurn(() => makeRollout(maker, episode, claim))));
  return { failed: made.filter((entry) => entry.reward === null) };
}

interface Episode {
  readonly key: RolloutKey;
  readonly problem: Problem;
  readonly seed: number;
  readonly job: RolloutJob;
  readonly attempt: RolloutAttempt;
  readonly policy: Policy;
}

async function makeRollout(maker: GroupMaker, episode: Episode, claim: GroupClaim): Promise<StoredTrajectory> {
  const { job, problem, seed, policy } = episode;
  const { signal } = episode.attempt;
  signal.throwIfAborted();
  const { budgets, timeoutMs } = maker.config.agent;
  const options = { seed, temperature: job.temperature, budgets, timeoutMs, signal };
  const trajectory = await maker.agents[job.prompt].run(problem.question, policy, maker.retriever, options);
  // A cancelled episode is unfinished, not failed: it is made again from its seed.
  signal.throwIfAborted();
  checkVersion(trajectory, job);
  const entry = score(maker, episode, trajectory);
  if (entry.reward === null) return entry;
  const [result] = await maker.store.saveTrajectories([entry], claim);
  if (result === "fenced")
    throw new LitmusError(
      "conflict",
      `another attempt took over group ${job.group.group} of ${job.group.stage} step ${job.group.step}`,
    );
  return entry;
}

/** A group never mixes versions: the policy may have moved on beneath the episode. */
function checkVersion({ policy, outcome }: Trajectory, { policyVersion, group }: RolloutJob): void {
  if (policy.version === policyVersion || outcome.type === "failed") return;
  throw new LitmusError(
    "conflict",
    `an episode of ${group.stage} step ${group.step} was sampled from version ${policy.version} in place of ${policyVersion}`,
  );
}

function score(maker: GroupMaker, { key, problem }: Episode, trajectory: Trajectory): StoredTrajectory {
  const unscored = { id: trajectoryId(key), key, problemId: problem.id, trajectory, reward: null, rewardFailure: null };
  if (trajectory.outcome.type === "failed") return unscored;
  const reward = maker.verify(trajectory, problem);
  return reward.ok ? { ...unscored, reward: reward.value } : { ...unscored, rewardFailure: reward.failure };
}

/** The results in order; the first rejection is passed on after all others have settled. */
async function allSettled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
