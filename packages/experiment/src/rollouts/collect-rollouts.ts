import {
  LitmusError,
  type PolicyIdentity,
  type PolicyVersion,
  type RolloutJob,
  type RolloutJobOutcome,
  type StoredTrajectory,
} from "@litmus/core";
import type { RunContext } from "../run/run-context.ts";
import { checkLimits } from "./check-limits.ts";
import { jobOf, memberIds, type RolloutRequest } from "./rollout-request.ts";
import { unmadeTrajectories } from "./unmade-trajectories.ts";
import { workInProcess } from "./work-in-process.ts";

type Stored = ReadonlyMap<string, StoredTrajectory>;

/**
 * Has those groups made that the store does not hold whole yet, and returns all in the order of the requests, each in the
 * order of its members. Failed episodes are stored last, when it is known that they are few: after an outage that stopped the
 * run, the same command makes them again.
 * @param version that all are sampled from; the policy's own where none is named
 * @throws LitmusError `interrupted` when the run is asked to stop, `gate-failed` as soon as more episodes failed than
 * the config allows; what was finished is stored
 */
export async function collectRollouts(
  context: RunContext,
  requests: readonly RolloutRequest[],
  version: PolicyVersion = context.policy.identity().version,
): Promise<StoredTrajectory[][]> {
  const before = await storedOf(context, requests);
  const open = requests.filter((request) => memberIds(request).some((id) => !before.has(id)));
  if (open.length === 0) return inOrder(requests, before);
  const failed = await dispatch(context, { requests, open, before, version });
  const made = await storedOf(context, requests);
  const unsaved = failed.filter((entry) => !made.has(entry.id));
  if (unsaved.length === 0) return inOrder(requests, made);
  await context.store.saveTrajectories(unsaved);
  // Read again: where a late worker stored a member meanwhile, its trajectory is the one that stands.
  return inOrder(requests, await storedOf(context, requests));
}

function inOrder(requests: readonly RolloutRequest[], stored: Stored): StoredTrajectory[][] {
  return requests.map((request) =>
    memberIds(request).map((id) => {
      const entry = stored.get(id);
      if (entry !== undefined) return entry;
      throw new LitmusError(
        "not-found",
        `a worker says that it made trajectory ${id}, but the store does not hold it`,
        {
          hint: "check that every worker writes to this run's store",
        },
      );
    }),
  );
}

async function storedOf(context: RunContext, requests: readonly RolloutRequest[]): Promise<Stored> {
  const first = requests[0];
  if (first === undefined) return new Map();
  const { runId, stage, step, purpose } = first.group;
  const entries = await context.store.trajectories({ runId, stage, step, purpose });
  const stored = new Map<string, StoredTrajectory>(entries.map((entry) => [entry.id, entry]));
  for (const request of requests) {
    for (const id of memberIds(request)) {
      const entry = stored.get(id);
      if (entry !== undefined && entry.problemId !== request.problem.id)
        throw new LitmusError("bug", `the stored trajectory ${id} answers another problem than ${request.problem.id}`);
    }
  }
  return stored;
}

interface Dispatch {
  readonly requests: readonly RolloutRequest[];
  /** Those of which a member is missing. */
  readonly open: readonly RolloutRequest[];
  readonly before: Stored;
  readonly version: PolicyVersion;
}

/** Sends the open groups to the queue and waits for all. @returns the episodes that failed now */
async function dispatch(context: RunContext, work: Dispatch): Promise<StoredTrajectory[]> {
  const { requests, open, before, version } = work;
  const missing = (request: RolloutRequest): number => memberIds(request).filter((id) => !before.has(id)).length;
  const policy = await identityAt(context, version);
  const byGroup = new Map(open.map((request) => [request.group.group, request]));
  const total = requests.reduce((sum, { seeds }) => sum + seeds.length, 0);
  const failedBefore = [...before.values()].filter((entry) => entry.reward === null);
  const failed: StoredTrajectory[] = [];
  let done = total - open.reduce((sum, request) => sum + missing(request), 0);
  const settle = (job: RolloutJob, outcome: RolloutJobOutcome): void => {
    const request = byGroup.get(job.group.group) as RolloutRequest;
    const now = failedOf(context, { request, outcome, policy }).filter((entry) => !before.has(entry.id));
    for (const entry of now) reportFailure(context, entry);
    failed.push(...now);
    if (now.length > 0) checkLimits(context, { failed: [...failedBefore, ...failed], total });
    done += missing(request);
    const { stage, step, purpose } = job.group;
    context.emit({ type: "rollouts-progress", stage, step, purpose, done, total });
  };
  await settleAll(context, { jobs: open.map((request) => jobOf(request, version)), settle });
  return failed;
}

interface Settling {
  readonly jobs: readonly RolloutJob[];
  readonly settle: (job: RolloutJob, outcome: RolloutJobOutcome) => void;
}

async function settleAll(context: RunContext, { jobs, settle }: Settling): Promise<void> {
  const dispatch = (): Promise<void> => context.queue.dispatch(jobs, { onSettled: settle, signal: context.signal });
  try {
    // Groups that workers make are handed out together; this process's own wait one by one.
    await (context.worksOnQueue ? workInProcess(context, dispatch) : context.unlessPaused(dispatch));
  } catch (cause) {
    if (context.signal.aborted) throw interrupted();
    throw cause;
  }
}

interface SettledGroup {
  readonly request: RolloutRequest;
  readonly outcome: RolloutJobOutcome;
  readonly policy: PolicyIdentity;
}

/** A group that could not be made counts as failed episodes, unless its failure would meet every other group too. */
function failedOf(context: RunContext, { request, outcome, policy }: SettledGroup): readonly StoredTrajectory[] {
  if (outcome.type === "done") return outcome.failed;
  const { group } = request;
  const { code, message } = outcome.failure;
  if (stopsTheRun(code)) throw new LitmusError(code, message, { retryable: outcome.failure.retryable });
  context.emit({
    type: "alarm-raised",
    alarm: "group-given-up",
    message: `group ${group.group} of ${group.stage} step ${group.step} could not be made: ${message}`,
  });
  return unmadeTrajectories(context, { request, failure: outcome.failure, policy });
}

/** The policy at a version, which may be an earlier one than it has now. */
async function identityAt(context: RunContext, version: PolicyVersion): Promise<PolicyIdentity> {
  const identity = context.policy.identity();
  if (identity.version === version) return identity;
  const published = (await context.store.policyVersions(context.runId)).find((each) => each.version === version);
  return { ...identity, version, adapterSha256: published?.adapter?.sha256 ?? null };
}

const codesThatStop = [
  "unavailable",
  "out-of-space",
  "conflict",
  "corrupt-file",
  "incompatible",
  "invalid-config",
] as const;

function stopsTheRun(code: string): code is (typeof codesThatStop)[number] {
  return (codesThatStop as readonly string[]).includes(code);
}

function reportFailure(context: RunContext, { key, trajectory, rewardFailure }: StoredTrajectory): void {
  const { outcome } = trajectory;
  const failure = outcome.type === "failed" ? outcome.failure : rewardFailure;
  if (failure !== null) context.emit({ type: "episode-failed", stage: key.stage, step: key.step, failure });
}

export function interrupted(): LitmusError {
  return new LitmusError("interrupted", "the run was interrupted; everything finished is stored", {
    hint: "the same command goes on from here",
    retryable: true,
  });
}
