import {
  sha256,
  type AdapterFile,
  type CorpusRecord,
  type RecordId,
  type Retriever,
  type Sha256,
  type TokenPolicy,
  type Trainer,
} from "@litmus/core";
import type { ExperimentConfig, ProblemSplits } from "@litmus/experiment";
import { createLlamaCppPolicy, createScriptedPolicy } from "@litmus/policy";
import { createScriptedTrainer, createTrainerProcess } from "@litmus/trainer";
import type { Reporter } from "../output/reporter.ts";
import { openAdapter } from "./open-adapter.ts";
import { hashSplits, loadProblems } from "./load-problems.ts";
import { openKernels } from "./open-kernels.ts";
import { openModel, type OpenedModel } from "./open-model.ts";
import { openRetriever } from "./open-retriever.ts";

/** The implementations that a config names, opened. */
export interface Parts {
  readonly policy: TokenPolicy;
  readonly retriever: Retriever;
  readonly record: (id: RecordId) => Promise<CorpusRecord | null>;
  readonly problems: ProblemSplits;
  /** @see openAdapter; what it is converted to is written below the directory. */
  readonly importedAdapter: (path: string, directory: string) => Promise<AdapterFile>;
  /** Started at the first call. */
  readonly trainer: () => Promise<Trainer>;
  /** Hashes of everything the parts were made from. */
  readonly manifest: Readonly<Record<string, string>>;
  readonly downloadSeconds: number;
  readonly processIds: () => readonly number[];
  close(): Promise<void>;
}

interface Opening {
  readonly configDirectory: string;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
}

/** Opens what an experiment works with: the one place where ports meet their implementations. */
export async function openParts(config: ExperimentConfig, opening: Opening): Promise<Parts> {
  const problems = await loadProblems(config, opening.configDirectory);
  const { retriever, record } = await openRetriever(config, opening);
  const engines = await openEngines(config, opening);
  return {
    policy: engines.policy,
    retriever,
    record,
    problems,
    trainer: engines.trainer,
    importedAdapter: (path, directory) =>
      openAdapter({ path, directory, configDirectory: opening.configDirectory, baseSha256: engines.baseSha256 }),
    manifest: {
      ...engines.manifest,
      index: retriever.info.id,
      ...hashSplits(problems),
    },
    downloadSeconds: engines.downloadSeconds,
    processIds: () => [process.pid, ...(process.connected ? [process.ppid] : []), ...engines.processIds()],
    close: async () => {
      await engines.close();
      await retriever.close();
    },
  };
}

export type Engines = Pick<Parts, "policy" | "trainer" | "manifest" | "downloadSeconds" | "processIds" | "close"> & {
  /** What adapters name as their base. */
  readonly baseSha256: Sha256;
};

/** The model's sampler, and its trainer, which is opened when first needed. */
export async function openEngines(config: ExperimentConfig, opening: Opening): Promise<Engines> {
  if (config.policy.engine === "scripted") return openScriptedEngines(config.policy);
  const model = await openModel(config.model, opening);
  const kernels = config.policy.kernels === "prebuilt" ? null : await openKernels(opening.reporter);
  return openLocalEngines({ config, sampler: config.policy, model, kernels });
}

function openScriptedEngines({ contextTokens, latencyMs }: ScriptedPolicyConfig): Engines {
  const policy = createScriptedPolicy({ contextTokens, latencyMs: () => latencyMs });
  return {
    policy,
    trainer: async () => createScriptedTrainer({}),
    manifest: { model: sha256("scripted") },
    baseSha256: sha256("scripted"),
    downloadSeconds: 0,
    processIds: () => [],
    close: () => policy.close(),
  };
}

type ScriptedPolicyConfig = Extract<ExperimentConfig["policy"], { engine: "scripted" }>;

interface LocalEngines {
  readonly config: ExperimentConfig;
  readonly sampler: Extract<ExperimentConfig["policy"], { engine: "llama-cpp" }>;
  readonly model: OpenedModel;
  /** File of the compiled kernels; null = those that node-llama-cpp brings. */
  readonly kernels: string | null;
}

async function openLocalEngines({ config, sampler, model, kernels }: LocalEngines): Promise<Engines> {
  const policy = await createLlamaCppPolicy({
    modelPath: model.path,
    modelSha256: model.sha256,
    acceptedBaseSha256: [model.publishedSha256],
    contextTokens: sampler.contextTokens,
    slots: sampler.slots,
    threads: sampler.threads,
    kernels,
  });
  let trainer: ReturnType<typeof createTrainerProcess> | undefined;
  let trainerProcessId: number | undefined;
  const openTrainer = async (): Promise<Trainer> => {
    trainer ??= createTrainerProcess({
      modelPath: model.path,
      baseSha256: model.publishedSha256,
      lora: { ...config.trainer.lora, seed: config.seed },
      threads: config.trainer.threads,
      lengths: config.trainer.lengths,
    });
    const opened = await trainer;
    trainerProcessId = opened.pid;
    return opened;
  };
  return {
    policy,
    trainer: openTrainer,
    manifest: { model: model.publishedSha256, weights: model.sha256 },
    baseSha256: model.publishedSha256,
    downloadSeconds: model.downloadSeconds,
    processIds: () => [policy.pid, ...(trainerProcessId === undefined ? [] : [trainerProcessId])],
    close: async () => {
      await policy.close();
      await (await trainer)?.close();
    },
  };
}
