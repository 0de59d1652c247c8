import { access } from "node:fs/promises";
import { join } from "node:path";
import type { AskOptions } from "@litmus/api";
import type { AdapterReference, RunRecord } from "@litmus/core";
import { loadConfig, type ExperimentConfig } from "@litmus/experiment";
import type { StoreReader } from "@litmus/server";
import { environment } from "../../environment.ts";
import { chooseCheckpoint } from "../choose-checkpoint.ts";
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

/**
 * The best and the last version of each finished run of a folder, the newest run's best first, and last the base policy.
 * Those whose model would have to be fetched are left out.
 */
export async function folderPolicies(store: StoreReader, directory: string): Promise<readonly FolderPolicy[]> {
  const finished = (await store.runs()).filter(({ id, status }) => id !== askRun && status === "finished");
  const runs = await Promise.all(finished.slice(0, mostRuns).map((run) => policiesOf(store, directory, run)));
  const base = await basePolicy(
    finished[0] === undefined ? environment.quickstart : configPathOf(directory, finished[0]),
  );
  return [...runs.flat(), ...(base === null ? [] : [base])];
}

const configPathOf = (directory: string, { id }: RunRecord): string => join(directory, id, "config.yaml");

async function policiesOf(store: StoreReader, directory: string, run: RunRecord): Promise<FolderPolicy[]> {
  const opened = await loadableConfig(configPathOf(directory, run));
  if (opened === null) return [];
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

async function basePolicy(configPath: string): Promise<FolderPolicy | null> {
  const opened = await loadableConfig(configPath);
  if (opened === null) return null;
  const label = `the base policy of ${opened.config.model.name}`;
  return { option: { id: "base", label, runId: null, version: 0, exactMatch: null }, ...opened, adapter: null };
}

/** Null where the config or the model is not on this machine. */
async function loadableConfig(configPath: string): Promise<Pick<FolderPolicy, "configPath" | "config"> | null> {
  const isThere = await access(configPath).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const { config } = await loadConfig(configPath);
  const isWithoutModel = config.policy.engine === "scripted" || config.policy.engine === "chat";
  if (!isWithoutModel && !(await isModelCached(config.model, directoryOf(configPath)))) return null;
  return { configPath, config };
}

function exactMatchOf(result: unknown): number | null {
  if (typeof result !== "object" || result === null || !("exactMatch" in result)) return null;
  return typeof result.exactMatch === "number" ? result.exactMatch : null;
}
