import {
  ConcurrencyLimit,
  LitmusError,
  systemClock,
  useVersion,
  type Failure,
  type Policy,
  type PolicyVersion,
  type RolloutAttempt,
  type RolloutJob,
  type RolloutJobResult,
  type RolloutQueue,
  type RunId,
  type Retriever,
  type TrajectoryStore,
} from "@litmus/core";
import { experimentSchema, makeGroup, type ExperimentConfig, type GroupMaker } from "@litmus/experiment";
import { adapterOf } from "./adapter-source.ts";
import { refuseOtherParts } from "./open-run.ts";
import { scoredAgents } from "./run-context.ts";
import { VersionGate } from "./version-gate.ts";

export interface WorkerParts {
  readonly policy: Policy;
  readonly retriever: Retriever;
  readonly store: TrajectoryStore;
  readonly queue: RolloutQueue;
  /** Hashes of what this worker makes groups with. */
  readonly manifest: Readonly<Record<string, string>>;
  /** Folder of the runs, or the http address at which it is served. */
  readonly runs: string;
  readonly cacheDirectory: string;
}

export interface WorkSettings {
  /** Episodes at once, over all groups. */
  readonly slots: number;
  /** Groups at once. */
  readonly groups: number;
  readonly onGroup: (job: RolloutJob, result: RolloutJobResult) => void;
  readonly signal: AbortSignal;
}

/**
 * Makes groups of any run with the same parts until the signal; those that were taken are finished.
 * @throws LitmusError `unavailable` when the sampler of this worker is broken: another worker makes its groups
 */
export async function workOnQueue(parts: WorkerParts, settings: WorkSettings): Promise<void> {
  const worker = new GroupWorker(parts, settings.slots);
  const broken = new AbortController();
  const handle = async (job: RolloutJob, attempt: RolloutAttempt): Promise<RolloutJobResult> => {
    const result = await worker.make(job, attempt);
    const failure = samplerFailure(result);
    // A worker that fails at once would take the most groups.
    if (failure !== null) broken.abort(samplerBroken(failure));
    broken.signal.throwIfAborted();
    settings.onGroup(job, result);
    return result;
  };
  const signal = AbortSignal.any([settings.signal, broken.signal]);
  await parts.queue.work(handle, { concurrency: settings.groups, signal });
  broken.signal.throwIfAborted();
}

/** The failure of a sampler that no further episode can use. */
function samplerFailure({ failed }: RolloutJobResult): Failure | null {
  const failures = failed.flatMap(({ trajectory: { outcome } }) =>
    outcome.type === "failed" ? [outcome.failure] : [],
  );
  return failures.find(({ code }) => code === "model-process-unusable") ?? null;
}

function samplerBroken({ message }: Failure): LitmusError {
  return new LitmusError("unavailable", `this worker's sampler is broken: ${message}`, {
    hint: "litmus doctor checks this machine; then start the worker again",
    retryable: true,
  });
}

class GroupWorker {
  readonly #parts: WorkerParts;
  readonly #limit: ConcurrencyLimit;
  readonly #gate = new VersionGate();
  /** Of each run; agents keep what they have encoded. */
  readonly #makers = new Map<RunId, Promise<GroupMaker>>();

  constructor(parts: WorkerParts, slots: number) {
    this.#parts = parts;
    this.#limit = new ConcurrencyLimit(slots, systemClock);
  }

  async make(job: RolloutJob, attempt: RolloutAttempt): Promise<RolloutJobResult> {
    const { runId } = job.group;
    const maker = await this.#makerOf(runId);
    return this.#gate.run(
      `${runId} ${job.policyVersion}`,
      async () => {
        attempt.signal.throwIfAborted();
        await this.#useVersion(runId, job.policyVersion);
      },
      () => makeGroup(maker, job, attempt),
    );
  }

  async #makerOf(runId: RunId): Promise<GroupMaker> {
    const known = this.#makers.get(runId) ?? this.#openMaker(runId);
    this.#makers.set(runId, known);
    try {
      return await known;
    } catch (cause) {
      this.#makers.delete(runId);
      throw cause;
    }
  }

  async #openMaker(runId: RunId): Promise<GroupMaker> {
    const config = await this.#configOf(runId);
    return {
      ...this.#parts,
      ...scoredAgents(config),
      config,
      policyAt: async () => this.#parts.policy,
      inTurn: (episode) => this.#limit.run(episode),
    };
  }

  /** The run's own config, which may differ from the worker's where it does not matter to its parts. */
  async #configOf(runId: RunId): Promise<ExperimentConfig> {
    const run = await this.#parts.store.run(runId);
    if (run === null)
      throw new LitmusError("unavailable", `there is no run ${runId} in this worker's store`, {
        hint: "give the worker the run's own store",
      });
    refuseOtherParts(run, this.#parts.manifest);
    const { data } = experimentSchema.safeParse(run.config);
    if (data !== undefined) return data;
    throw new LitmusError("incompatible", `the config of run ${runId} cannot be read by this version of Litmus`, {
      hint: "run the worker with the version that the run began with",
    });
  }

  async #useVersion(runId: RunId, version: PolicyVersion): Promise<void> {
    await useVersion(this.#parts.policy, await adapterOf(this.#parts, runId, version));
  }
}
