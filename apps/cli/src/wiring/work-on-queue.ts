import {
  ConcurrencyLimit,
  LitmusError,
  systemClock,
  type PolicyVersion,
  type RolloutAttempt,
  type RolloutJob,
  type RolloutJobResult,
  type RolloutQueue,
  type RunId,
  type TokenPolicy,
  type Retriever,
  type TrajectoryStore,
} from "@litmus/core";
import { experimentSchema, makeGroup, type ExperimentConfig, type GroupMaker } from "@litmus/experiment";
import { adapterOf } from "./adapter-source.ts";
import { refuseOtherParts } from "./open-run.ts";
import { scoredAgents } from "./run-context.ts";
import { VersionGate } from "./version-gate.ts";

export interface WorkerParts {
  readonly policy: TokenPolicy;
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

/** Makes groups of any run with the same parts until the signal; those that were taken are finished. */
export async function workOnQueue(parts: WorkerParts, settings: WorkSettings): Promise<void> {
  const worker = new GroupWorker(parts, settings.slots);
  const handle = async (job: RolloutJob, attempt: RolloutAttempt): Promise<RolloutJobResult> => {
    const result = await worker.make(job, attempt);
    settings.onGroup(job, result);
    return result;
  };
  await parts.queue.work(handle, { concurrency: settings.groups, signal: settings.signal });
}

class GroupWorker {
  readonly #parts: WorkerParts;
  readonly #limit: ConcurrencyLimit;
  readonly #gate = new VersionGate();
  readonly #configs = new Map<RunId, ExperimentConfig>();

  constructor(parts: WorkerParts, slots: number) {
    this.#parts = parts;
    this.#limit = new ConcurrencyLimit(slots, systemClock);
  }

  async make(job: RolloutJob, attempt: RolloutAttempt): Promise<RolloutJobResult> {
    const { runId } = job.group;
    const maker = this.#makerOf(await this.#configOf(runId));
    const version = `${runId} ${job.policyVersion}`;
    return this.#gate.run(
      version,
      () => this.#useVersion(runId, job.policyVersion),
      () => makeGroup(maker, job, attempt),
    );
  }

  #makerOf(config: ExperimentConfig): GroupMaker {
    return {
      ...this.#parts,
      ...scoredAgents(config),
      config,
      policyAt: async () => this.#parts.policy,
      inTurn: (episode) => this.#limit.run(episode),
    };
  }

  /** The run's own config, which may differ from the worker's where it does not matter to an episode. */
  async #configOf(runId: RunId): Promise<ExperimentConfig> {
    const known = this.#configs.get(runId);
    if (known !== undefined) return known;
    const run = await this.#parts.store.run(runId);
    if (run === null)
      throw new LitmusError("not-found", `there is no run ${runId} in this worker's store`, {
        hint: "give the worker the run's own store",
      });
    refuseOtherParts(run, this.#parts.manifest);
    const { data } = experimentSchema.safeParse(run.config);
    if (data === undefined)
      throw new LitmusError("incompatible", `the config of run ${runId} cannot be read by this version of Litmus`, {
        hint: "run the worker with the version that the run began with",
      });
    this.#configs.set(runId, data);
    return data;
  }

  async #useVersion(runId: RunId, version: PolicyVersion): Promise<void> {
    await this.#parts.policy.useAdapter(await adapterOf(this.#parts, runId, version));
  }
}
