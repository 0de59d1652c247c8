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
import { resolveModule } from "./import-export.ts";
import { adapterPrefix } from "./open-adapter.ts";
import { resumeLine } from "./train/resume-command.ts";

interface RunChoice {
  readonly store: TrajectoryStore;
  readonly loaded: LoadedConfig;
  /** Folder of the runs. */
  readonly directory: string;
  readonly configDirectory: string;
  readonly startAnother: boolean;
  /** What goes on with the run. */
  readonly command: string;
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

/** The id that the next run of this experiment gets. */
export async function nextRunId({ store, loaded }: Pick<RunChoice, "store" | "loaded">): Promise<RunId> {
  return freeRunId(await store.runs(), loaded.config.name);
}

/** Registers a new run and writes its resolved config beside its files. */
export async function createRun(
  choice: RunChoice & { readonly id: RunId },
  manifest: Readonly<Record<string, string>>,
): Promise<RunRecord> {
  const { id, store, loaded, directory } = choice;
  const record: RunRecord = {
    id,
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
    resumeLine(choice.command) + stringify(withAbsolutePaths(loaded.config, choice.configDirectory)),
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

function withAbsoluteFiles(problems: ExperimentConfig["problems"], from: string): ExperimentConfig["problems"] {
  const absolute = (path: string): string => resolve(from, path);
  switch (problems.type) {
    case "files": {
      const { train, validation, test } = problems;
      return { ...problems, train: absolute(train), validation: absolute(validation), test: absolute(test) };
    }
    case "connected-components":
      return { ...problems, path: absolute(problems.path) };
    case "paper-search-qa":
      return problems.source.type === "hub"
        ? problems
        : { ...problems, source: { ...problems.source, path: absolute(problems.source.path) } };
    default:
      return problems satisfies never;
  }
}

function withAbsolutePolicyPaths(policy: ExperimentConfig["policy"], from: string): ExperimentConfig["policy"] {
  if (policy.engine === "chat") return { ...policy, module: resolveModule(policy.module, from) };
  if (policy.engine !== "openai-compatible" || policy.sharedFolder === undefined) return policy;
  return { ...policy, sharedFolder: { ...policy.sharedFolder, local: resolve(from, policy.sharedFolder.local) } };
}

/** The copy beside a run's files is read from another folder than the experiment file lies in. */
function withAbsolutePaths(config: ExperimentConfig, from: string): ExperimentConfig {
  const { corpus, problems, model, policy, retriever } = config;
  return {
    ...config,
    corpus: { ...corpus, path: resolve(from, corpus.path) },
    problems: withAbsoluteFiles(problems, from),
    retriever:
      retriever.engine === "elasticsearch" && retriever.certificates !== undefined
        ? { ...retriever, certificates: resolve(from, retriever.certificates) }
        : retriever,
    policy: withAbsolutePolicyPaths(policy, from),
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
  const changed = differences(
    partsOf(run, (key) => !key.startsWith(adapterPrefix)),
    manifest,
  );
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

/** @throws LitmusError `incompatible` when a worker's parts are not the run's; of some of those it has none */
export function refuseOtherParts(run: RunRecord, manifest: Readonly<Record<string, string>>): void {
  const differing = differences(
    partsOf(run, (key) => key in manifest),
    manifest,
  );
  if (differing.length === 0) return;
  throw new LitmusError(
    "incompatible",
    `run ${run.id} is made with other parts than this worker has:\n${differing.map((line) => `  ${line}`).join("\n")}`,
    {
      path: differing[0]?.split(":")[0] ?? "",
      hint: "give the worker the run's own experiment file, model, corpus and version of Litmus",
    },
  );
}

function partsOf(run: RunRecord, isMeant: (key: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(run.manifest).filter(([key]) => isMeant(key)));
}

/** `key.path: old → new`, for every leaf that differs. */
function differences(before: unknown, after: unknown, path = ""): string[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  if (!isObject(before) || !isObject(after)) return [`${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(before[key], after[key], path === "" ? key : `${path}.${key}`));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
