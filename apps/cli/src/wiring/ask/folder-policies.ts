import { join } from "node:path";
import type { AskOptions } from "@litmus/api";
import { toLitmusError, type AdapterReference, type RunRecord } from "@litmus/core";
import { loadConfig, type ExperimentConfig } from "@litmus/experiment";
import type { StoreReader } from "@litmus/server";
import { environment } from "../../environment.ts";
import { chooseCheckpoint } from "../choose-checkpoint.ts";
import { exists } from "../exists.ts";
import { directoryOf, isModelCached } from "../open-model.ts";
import { askRun } from "./store-answer.ts";

/** A policy that can be loaded on this machine. */
export interface FolderPolicy {
  readonly option: AskOptions["policies"][number];
  readonly configPath: string;
  readonly config: ExperimentConfig;
  /** Null: the base policy. */
  readonly adapter: AdapterReference | null;
}

/** The newest runs, at most so many, are offered. */
const mostRuns = 20;

export interface PolicySource {
  readonly store: Pick<StoreReader, "runs" | "checkpoints" | "evaluations">;
  /** Folder of the runs. */
  readonly directory: string;
  /** Told which config cannot be used, and why, each time that it is looked at. */
  readonly onDamaged: (message: string) => void;
}

/**
 * The best and the last version of each finished run of a folder, the newest run's best first, and last the base policy of the newest
 * run, or of the quickstart.
 * Those whose model would have to be fetched are left out, and those whose config is damaged.
 */
export async function folderPolicies(source: PolicySource): Promise<readonly FolderPolicy[]> {
  const runs = (await source.store.runs()).filter(({ id, status }) => id !== askRun && status === "finished");
  const loadable = (await Promise.all(runs.slice(0, mostRuns).map((run) => loadableRun(source, run)))).flat();
  const trained = await Promise.all(loadable.map((run) => policiesOf(source, run)));
  const base = loadable[0]?.opened ?? (await loadableConfig(source, environment.quickstart));
  return [...trained.flat(), ...(base === null ? [] : [basePolicy(base)])];
}

type OpenedConfig = Pick<FolderPolicy, "configPath" | "config">;

/** A run whose model is on this machine. */
interface LoadableRun {
  readonly run: RunRecord;
  readonly opened: OpenedConfig;
}

async function loadableRun(source: PolicySource, run: RunRecord): Promise<LoadableRun[]> {
  const opened = await loadableConfig(source, join(source.directory, run.id, "config.yaml"));
  return opened === null ? [] : [{ run, opened }];
}

async function policiesOf({ store, directory }: PolicySource, { run, opened }: LoadableRun): Promise<FolderPolicy[]> {
  const [best, checkpoints, evaluations] = await Promise.all([
    chooseCheckpoint(store, run, directory),
    store.checkpoints(run.id),
    store.evaluations(run.id),
  ]);
  const last = checkpoints.at(-1)?.state.version;
  const versions = [...new Set([best.adapter?.version, last])].filter((version) => version !== undefined);
  return versions.flatMap((version): FolderPolicy[] => {
    const checkpoint = checkpoints.findLast(({ state }) => state.version === version);
    if (checkpoint === undefined || version === 0) return [];
    const { stage, step, state } = checkpoint;
    const result = evaluations.findLast((each) => each.stage === stage && each.step === step)?.result;
    const option = {
      id: `${run.id}:${version}`,
      label: `${run.id}, version ${version}, after ${stage} step ${step}`,
      runId: run.id,
      version,
      exactMatch: exactMatchOf(result),
    };
    const path = join(directory, run.id, state.adapterPath);
    return [{ option, ...opened, adapter: { version, path, sha256: state.adapterSha256 } }];
  });
}

function basePolicy(opened: OpenedConfig): FolderPolicy {
  const label = `the base policy of ${opened.config.model.name}`;
  return { option: { id: "base", label, runId: null, version: 0, exactMatch: null }, ...opened, adapter: null };
}

/** Null where the config or the model is not on this machine, or the config is damaged: that takes no other policy away. */
async function loadableConfig({ onDamaged }: PolicySource, configPath: string): Promise<OpenedConfig | null> {
  if (!(await exists(configPath))) return null;
  const loaded = await loadConfig(configPath).catch((cause: unknown) => {
    onDamaged(`no question can be put to the policies of ${configPath}: ${toLitmusError(cause).message}`);
    return null;
  });
  if (loaded === null) return null;
  const { config } = loaded;
  const isWithoutModel = config.policy.engine === "scripted" || config.policy.engine === "chat";
  if (!isWithoutModel && !(await isModelCached(config.model, directoryOf(configPath)))) return null;
  return { configPath, config };
}

function exactMatchOf(result: unknown): number | null {
  if (typeof result !== "object" || result === null || !("exactMatch" in result)) return null;
  return typeof result.exactMatch === "number" ? result.exactMatch : null;
}
