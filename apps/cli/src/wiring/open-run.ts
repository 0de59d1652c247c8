import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  canonicalJson,
  LitmusError,
  runId,
  systemClock,
  type RunId,
  type RunRecord,
  type TrajectoryStore,
} from "@litmus/core";
import { experimentSchema, type ExperimentConfig, type LoadedConfig } from "@litmus/experiment";
import { stringify } from "yaml";
import { adapterPrefix } from "./open-adapter.ts";

interface RunChoice {
  readonly store: TrajectoryStore;
  readonly loaded: LoadedConfig;
  /** Folder of the runs. */
  readonly directory: string;
  readonly configDirectory: string;
  readonly startAnother: boolean;
}

/**
 * The run that a command means: the newest of this experiment's name, or a new one.
 * @throws LitmusError `conflict` with the differing keys when the newest was made from another config
 */
export async function chooseRun({ store, loaded, startAnother }: RunChoice): Promise<RunRecord | null> {
  if (startAnother) return null;
  const newest = (await store.runs()).find((run) => run.name === loaded.config.name);
  if (newest === undefined || newest.configHash === loaded.hash) return newest ?? null;
  // A key that is new since the run began has its default.
  const stored = experimentSchema.safeParse(newest.config).data;
  if (stored !== undefined && canonicalJson(stored) === canonicalJson(loaded.config)) return newest;
  const changes = differences(newest.config, loaded.config);
  throw new LitmusError(
    "conflict",
    `run ${newest.id} was made from another config:\n${changes.map((change) => `  ${change}`).join("\n")}`,
    {
      path: changes[0]?.split(":")[0] ?? "name",
      hint: "start another run with --new, or change the name in the experiment file",
    },
  );
}

/** Registers a new run and writes its resolved config beside its files. */
export async function createRun(choice: RunChoice, manifest: Readonly<Record<string, string>>): Promise<RunRecord> {
  const { store, loaded, directory } = choice;
  const record: RunRecord = {
    id: freeRunId(await store.runs(), loaded.config.name),
    name: loaded.config.name,
    status: "running",
    configHash: loaded.hash,
    config: loaded.config,
    manifest,
    createdAt: systemClock.timestamp(),
    finishedAt: null,
  };
  await mkdir(join(directory, record.id, "adapters"), { recursive: true });
  await writeFile(
    join(directory, record.id, "config.yaml"),
    stringify(withAbsolutePaths(loaded.config, choice.configDirectory)),
  );
  await store.saveRun(record);
  return record;
}

/** The name, or with the first number that makes it no other run's: names may end in numbers too. */
function freeRunId(runs: readonly RunRecord[], name: string): RunId {
  const taken = new Set<string>(runs.map((run) => run.id));
  let id = name;
  for (let number = 2; taken.has(id); number++) id = `${name}-${number}`;
  return runId(id);
}

/** The copy beside a run's files is read from another folder than the experiment file lies in. */
function withAbsolutePaths(config: ExperimentConfig, from: string): ExperimentConfig {
  const { corpus, problems, model } = config;
  const files =
    problems.type === "files"
      ? {
          train: resolve(from, problems.train),
          validation: resolve(from, problems.validation),
          test: resolve(from, problems.test),
        }
      : { path: resolve(from, problems.path) };
  return {
    ...config,
    corpus: { ...corpus, path: resolve(from, corpus.path) },
    problems: { ...problems, ...files } as ExperimentConfig["problems"],
    stages: config.stages.map((stage) =>
      stage.type === "import" ? { ...stage, adapter: resolve(from, stage.adapter) } : stage,
    ),
    model: {
      ...model,
      sources: model.sources.map((source) =>
        source.type === "path" ? { ...source, path: resolve(from, source.path) } : source,
      ),
    },
  };
}

/** @throws LitmusError `conflict` when model, index, questions, prompts or scorer are not those the run began with */
export function refuseChangedParts(run: RunRecord, manifest: Readonly<Record<string, string>>): void {
  const lasting = Object.fromEntries(Object.entries(run.manifest).filter(([key]) => !key.startsWith(adapterPrefix)));
  const changed = differences(lasting, manifest);
  if (changed.length === 0) return;
  throw new LitmusError(
    "conflict",
    `run ${run.id} began with other parts:\n${changed.map((change) => `  ${change}`).join("\n")}`,
    {
      path: changed[0]?.split(":")[0] ?? "",
      hint: "bring the old files back, or start another run with --new",
    },
  );
}

/** `key.path: old → new`, for every leaf that differs. */
function differences(before: unknown, after: unknown, path = ""): string[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  if (!isObject(before) || !isObject(after)) return [`${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(before[key], after[key], path === "" ? key : `${path}.${key}`));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
