import { rm } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import {
  LitmusError,
  policyVersion,
  sha256OfFile,
  toLitmusError,
  useVersion,
  type AdapterFile,
  type CheckpointRecord,
  type MetricRecord,
  type PolicyVersion,
  type SavedState,
  type Sha256,
  type TrainedTokens,
  type Trainer,
} from "@litmus/core";
import type { RunContext } from "./run-context.ts";

/** What one publication belongs to. */
export interface Publication {
  readonly stage: string;
  /** Steps of the stage that are done with it. */
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** What became of the trajectories of the step; none when left out. */
  readonly trained?: readonly TrainedTokens[];
}

/** The trainer and the policy of a run, moved together from version to version. */
export interface Learner {
  /** Version that the policy samples with now. */
  version(): PolicyVersion;
  adapterSha256(): Sha256 | null;
  /** The trainer, holding the state of the current version. */
  trainer(): Promise<Trainer>;
  /** Saves the next version, commits the step, and switches the policy to it. */
  publish(publication: Publication): Promise<void>;
  /** Commits a step that changed no weight, under the current version. */
  commitUnchanged(publication: Publication): Promise<void>;
  /** Switches the policy to the current version, after it was made to sample with another. */
  activate(): Promise<void>;
  /** The adapter that a stage began with; null = the base. */
  adapterBefore(stage: string): AdapterFile | null;
  /** The version that the policy had when so many steps of a stage were done; null as adapter = the base. */
  versionAfter(stage: string, step: number): PublishedVersion;
  /** Steps of a stage that are done. */
  stepsDone(stage: string): number;
}

/** A version and its adapter's file; the base has none. */
export interface PublishedVersion {
  readonly version: PolicyVersion;
  readonly adapter: AdapterFile | null;
}

/** Optimiser states are large and only the newest is resumed from; one more is kept against a damaged file. */
const keptOptimizerStates = 2;

/** Restores trainer and policy to the newest checkpoint whose files are whole, or to the base. */
export async function createLearner(context: RunContext): Promise<Learner> {
  const checkpoints = [...(await context.store.checkpoints(context.runId))];
  await restorePolicy(context, checkpoints);
  let opened: Promise<Trainer> | undefined;
  const newest = (): CheckpointRecord | undefined => checkpoints.at(-1);
  const trainer = (): Promise<Trainer> => (opened ??= openTrainer(context, newest()));
  const version = (): PolicyVersion => newest()?.state.version ?? policyVersion(0);
  const adapterSha256 = (): Sha256 | null => newest()?.state.adapterSha256 ?? null;

  const commit = async (publication: Publication, state: SavedState, parentSha256: Sha256 | null): Promise<void> => {
    const checkpoint = checkpointOf(context, publication, { state, parentSha256 });
    await context.store.commitStep({
      checkpoint,
      // A step that changed nothing belongs to the version that an earlier step published.
      version: versionOf(context, checkpoints.find((each) => each.state.version === state.version) ?? checkpoint),
      metrics: metricsOf(context, publication),
      trained: publication.trained ?? [],
    });
    checkpoints.push(checkpoint);
    const { stage, step } = publication;
    context.emit({
      type: "checkpoint-saved",
      stage,
      step,
      version: state.version,
      sha256: state.adapterSha256,
      parentSha256,
    });
  };

  const publish = async (publication: Publication): Promise<void> => {
    const parentSha256 = adapterSha256();
    const active = await trainer();
    const directory = join(context.directory, "adapters");
    const state = await active.save({ directory, version: policyVersion(version() + 1), parentSha256 });
    await commit(publication, relativeState(context, state), parentSha256);
    await useVersion(context.policy, { version: state.version, path: state.adapterPath, sha256: state.adapterSha256 });
    await removeOldOptimizerStates(context, checkpoints);
  };

  const commitUnchanged = async (publication: Publication): Promise<void> => {
    const last = newest();
    if (last === undefined) return publish(publication);
    await commit(publication, last.state, last.parentSha256);
  };

  const stepsDone = (stage: string): number =>
    Math.max(0, ...checkpoints.filter((checkpoint) => checkpoint.stage === stage).map((checkpoint) => checkpoint.step));

  const before = (stage: string): CheckpointRecord | undefined => {
    const first = checkpoints.findIndex((checkpoint) => checkpoint.stage === stage);
    return checkpoints[(first < 0 ? checkpoints.length : first) - 1];
  };
  const versionAfter = (stage: string, step: number): PublishedVersion => {
    const done = checkpoints.findLast((checkpoint) => checkpoint.stage === stage && checkpoint.step <= step);
    const state = (done ?? before(stage))?.state;
    if (state === undefined) return { version: policyVersion(0), adapter: null };
    return { version: state.version, adapter: absoluteState(context, state) };
  };
  const adapterBefore = (stage: string): AdapterFile | null => versionAfter(stage, 0).adapter;
  const activate = (): Promise<void> => activateVersion(context, newest());
  return {
    version,
    adapterSha256,
    trainer,
    publish,
    commitUnchanged,
    activate,
    adapterBefore,
    versionAfter,
    stepsDone,
  };
}

/**
 * Drops checkpoints from the end of the list until one is whole and the policy takes it. What follows it is then done
 * again, from the stored trajectories.
 */
async function restorePolicy(context: RunContext, checkpoints: CheckpointRecord[]): Promise<void> {
  const damaged = new Set<PolicyVersion>();
  for (;;) {
    const last = checkpoints.at(-1);
    try {
      if (last !== undefined) await checkFiles(absoluteState(context, last.state));
      return await activateVersion(context, last);
    } catch (cause) {
      const error = toLitmusError(cause);
      if (last === undefined || (error.code !== "corrupt-file" && error.code !== "not-found")) throw error;
      const message = `checkpoint of ${last.stage} step ${last.step} is damaged (${error.message})`;
      damaged.add(last.state.version);
      checkpoints.pop();
      const isOlderLeft = checkpoints.some((checkpoint) => !damaged.has(checkpoint.state.version));
      if (isOlderLeft && damaged.size >= keptOptimizerStates) throw notResumable(message, error);
      context.emit({
        type: "alarm-raised",
        alarm: "damaged-checkpoint",
        message: `${message}; the one before it is used`,
      });
    }
  }
}

/** Older checkpoints have lost their optimiser states, as they should. */
function notResumable(message: string, { code, path }: LitmusError): LitmusError {
  return new LitmusError(code, `${message}, and so is the one before it`, {
    ...(path === undefined ? {} : { path }),
    hint: "bring the files back from a copy, or start another run with --new",
  });
}

async function checkFiles({ adapterPath, adapterSha256, optimizerPath, optimizerSha256 }: SavedState): Promise<void> {
  for (const [path, expected] of [
    [adapterPath, adapterSha256],
    [optimizerPath, optimizerSha256],
  ] as const) {
    if ((await sha256OfFile(path)) === expected) continue;
    throw new LitmusError("corrupt-file", `${path} is not the file that was saved`, { path });
  }
}

async function activateVersion(context: RunContext, checkpoint: CheckpointRecord | undefined): Promise<void> {
  if (checkpoint === undefined) return useVersion(context.policy, null);
  const { version, adapterPath: path, adapterSha256: sha256 } = absoluteState(context, checkpoint.state);
  return useVersion(context.policy, { version, path, sha256 });
}

async function openTrainer(context: RunContext, checkpoint: CheckpointRecord | undefined): Promise<Trainer> {
  const trainer = await context.trainer();
  if (checkpoint === undefined) return trainer;
  try {
    await trainer.load(absoluteState(context, checkpoint.state));
  } catch (cause) {
    const { code, message } = toLitmusError(cause);
    throw new LitmusError(
      code,
      `the state after ${checkpoint.stage} step ${checkpoint.step} cannot be loaded: ${message}`,
      {
        path: checkpoint.state.optimizerPath,
        hint: "start another run with --new",
        cause,
      },
    );
  }
  return trainer;
}

function checkpointOf(
  context: RunContext,
  publication: Publication,
  made: { state: SavedState; parentSha256: Sha256 | null },
): CheckpointRecord {
  const { stage, step } = publication;
  return { runId: context.runId, stage, step, ...made, createdAt: context.clock.timestamp() };
}

function versionOf(context: RunContext, checkpoint: CheckpointRecord) {
  const { version, adapterPath: path, adapterSha256: sha256 } = checkpoint.state;
  const { stage, step, parentSha256 } = checkpoint;
  return { runId: context.runId, version, adapter: { version, path, sha256 }, parentSha256, stage, step };
}

function metricsOf(context: RunContext, publication: Publication): MetricRecord[] {
  const { stage, step } = publication;
  return Object.entries(publication.metrics).map(([name, value]) => ({
    runId: context.runId,
    stage,
    step,
    name,
    value,
  }));
}

/** Paths are stored relative to the run's folder, so that the folder can be moved. */
function relativeState(context: RunContext, state: SavedState): SavedState {
  const inside = (path: string): string => relative(context.directory, path);
  return { ...state, adapterPath: inside(state.adapterPath), optimizerPath: inside(state.optimizerPath) };
}

function absoluteState(context: RunContext, state: SavedState): SavedState {
  const outside = (path: string): string => (isAbsolute(path) ? path : join(context.directory, path));
  return { ...state, adapterPath: outside(state.adapterPath), optimizerPath: outside(state.optimizerPath) };
}

async function removeOldOptimizerStates(context: RunContext, checkpoints: readonly CheckpointRecord[]): Promise<void> {
  const paths = [...new Set(checkpoints.map((checkpoint) => checkpoint.state.optimizerPath))];
  for (const path of paths.slice(0, -keptOptimizerStates)) await rm(join(context.directory, path), { force: true });
}
