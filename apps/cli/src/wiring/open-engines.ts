import { resolve } from "node:path";
import { LitmusError, sha256, type Policy, type Sha256, type TokenPolicy, type Trainer } from "@litmus/core";
import { isReinforcement, type ExperimentConfig } from "@litmus/experiment";
import {
  createLlamaCppPolicy,
  createLlamaServerPolicy,
  createOpenAiCompatiblePolicy,
  createScriptedPolicy,
  loadTokenizer,
} from "@litmus/policy";
import { createTinkerPolicy, createTinkerTrainer, type TinkerService } from "@litmus/tinker";
import { createScriptedTrainer, createTrainerProcess } from "@litmus/trainer";
import { environment } from "../environment.ts";
import type { Reporter } from "../output/reporter.ts";
import { openChatPolicy } from "./open-chat-policy.ts";
import { openKernels } from "./open-kernels.ts";
import { openModel, type OpenedModel } from "./open-model.ts";
import { loraOf, openTinker, type TinkerConfig } from "./open-tinker.ts";

/** The sampler and the trainer of a config. */
export interface Engines extends AsyncDisposable {
  readonly policy: Policy;
  /** Started at the first call. */
  readonly trainer: () => Promise<Trainer>;
  /** Hashes of the model. */
  readonly manifest: Readonly<Record<string, string>>;
  /** What adapters name as their base. */
  readonly baseSha256: Sha256;
  readonly downloadSeconds: number;
  readonly processIds: () => readonly number[];
}

export interface Opening {
  readonly configDirectory: string;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
}

/** What sampler and trainer are opened with. */
interface Opened {
  readonly config: ExperimentConfig;
  readonly configDirectory: string;
  readonly model: OpenedModel;
  readonly reporter: Reporter;
  /** Closes all that was opened. */
  readonly closing: AsyncDisposableStack;
  readonly processIds: (() => number)[];
  /** The server that trains, connected once for sampler and trainer. */
  readonly tinker: () => Promise<TinkerService>;
}

/** Opens the sampler; the trainer is opened when first needed. */
export async function openEngines(config: ExperimentConfig, opening: Opening): Promise<Engines> {
  if (config.policy.engine === "scripted") return openScripted(config.policy);
  if (config.policy.engine === "chat") return openChat(config.policy, config, opening);
  const model = await openModel(config.model, opening);
  const closing = new AsyncDisposableStack();
  let service: Promise<TinkerService> | undefined;
  const opened: Opened = {
    config,
    configDirectory: opening.configDirectory,
    model,
    reporter: opening.reporter,
    closing,
    processIds: [],
    tinker: () => (service ??= openShared(config.trainer as TinkerConfig, closing)),
  };
  let trainer: Promise<Trainer> | undefined;
  try {
    return {
      policy: await openSampler(config.policy, opened),
      trainer: () => (trainer ??= openTrainer(opened)),
      manifest: { model: model.publishedSha256, weights: model.sha256 },
      baseSha256: model.publishedSha256,
      downloadSeconds: model.downloadSeconds,
      processIds: () => opened.processIds.map((processId) => processId()),
      [Symbol.asyncDispose]: () => closing.disposeAsync(),
    };
  } catch (cause) {
    await closing.disposeAsync();
    throw cause;
  }
}

type PolicyConfig<E extends string> = Extract<ExperimentConfig["policy"], { engine: E }>;

function openScripted({ contextTokens, latencyMs }: PolicyConfig<"scripted">): Engines {
  const policy = createScriptedPolicy({ contextTokens, latencyMs: () => latencyMs });
  return {
    policy,
    trainer: async () => createScriptedTrainer({}),
    manifest: { model: sha256("scripted") },
    baseSha256: sha256("scripted"),
    downloadSeconds: 0,
    processIds: () => [],
    [Symbol.asyncDispose]: () => policy.close(),
  };
}

async function openChat(
  chosen: PolicyConfig<"chat">,
  { model }: ExperimentConfig,
  { configDirectory }: Opening,
): Promise<Engines> {
  const { policy, moduleSha256 } = await openChatPolicy({ ...chosen, name: model.name }, configDirectory);
  const { modelSha256 } = policy.identity();
  return {
    policy,
    trainer: async () => {
      throw withoutTrainer();
    },
    manifest: { model: modelSha256, module: moduleSha256 },
    baseSha256: modelSha256,
    downloadSeconds: 0,
    processIds: () => [],
    [Symbol.asyncDispose]: () => policy.close(),
  };
}

/** The schema lets no stage be without one. */
const withoutTrainer = (): LitmusError =>
  new LitmusError("bug", "a trainer was asked for in an experiment without one");

type SamplerConfig = Exclude<ExperimentConfig["policy"], { engine: "scripted" | "chat" }>;

async function openSampler(policy: SamplerConfig, opened: Opened): Promise<TokenPolicy> {
  switch (policy.engine) {
    case "llama-cpp":
      return openLlamaCpp(policy, opened);
    case "llama-server":
      return openLlamaServer(policy, opened);
    case "openai-compatible":
      return openServed(policy, opened);
    case "tinker":
      return openTinkerSampler(policy, opened);
    default:
      return policy satisfies never;
  }
}

async function openLlamaCpp(
  { contextTokens, slots, threads, kernels }: PolicyConfig<"llama-cpp">,
  { model, reporter, closing, processIds }: Opened,
): Promise<TokenPolicy> {
  const policy = await createLlamaCppPolicy({
    modelPath: model.path,
    modelSha256: model.sha256,
    acceptedBaseSha256: [model.publishedSha256],
    contextTokens,
    slots,
    threads,
    kernels: kernels === "prebuilt" ? null : await openKernels(reporter),
  });
  closing.defer(() => policy.close());
  processIds.push(() => policy.pid);
  return policy;
}

async function openLlamaServer(
  { programVariable, contextTokens, slots, threads, gpuLayers }: PolicyConfig<"llama-server">,
  { model, closing, processIds }: Opened,
): Promise<TokenPolicy> {
  const { tokenizer, dispose } = await loadTokenizer(model.path);
  closing.defer(dispose);
  const policy = await createLlamaServerPolicy(
    {
      program: environment.named(programVariable, "policy.programVariable"),
      modelPath: model.path,
      modelSha256: model.sha256,
      acceptedBaseSha256: [model.publishedSha256],
      contextTokens,
      slots,
      threads,
      gpuLayers,
    },
    { tokenizer },
  );
  closing.defer(() => policy.close());
  processIds.push(() => policy.enginePid ?? 0);
  return policy;
}

async function openServed(
  {
    server,
    urlVariable,
    keyVariable,
    servedModel,
    slots,
    contextTokens,
    sharedFolder,
  }: PolicyConfig<"openai-compatible">,
  { config, model, closing, configDirectory }: Opened,
): Promise<TokenPolicy> {
  const { tokenizer, dispose } = await loadTokenizer(model.path);
  closing.defer(dispose);
  const policy = await createOpenAiCompatiblePolicy(
    {
      engine: server,
      baseUrl: environment.named(urlVariable, "policy.urlVariable"),
      model: servedModel,
      modelSha256: model.sha256,
      contextTokens,
      maxConcurrency: slots,
      keptAdapters: versionsInUse(config),
      acceptedBaseSha256: [model.publishedSha256],
      ...(sharedFolder === undefined
        ? {}
        : { sharedFolder: { ...sharedFolder, local: resolve(configDirectory, sharedFolder.local) } }),
    },
    {
      tokenizer,
      apiKey: keyVariable === undefined ? null : environment.named(keyVariable, "policy.keyVariable"),
    },
  );
  closing.defer(() => policy.close());
  return policy;
}

/** Of one engine, at once: workers switch at different moments, and stale groups are sampled from earlier ones. */
function versionsInUse({ queue, stages }: ExperimentConfig): number {
  const staleness = stages.map((stage) => (isReinforcement(stage) ? stage.staleness : 0));
  return queue.engine === "in-process" ? 1 : 2 + Math.max(0, ...staleness);
}

async function openTinkerSampler(
  { contextTokens }: PolicyConfig<"tinker">,
  { config, model, closing, tinker }: Opened,
): Promise<TokenPolicy> {
  const { tokenizer, dispose } = await loadTokenizer(model.path);
  closing.defer(dispose);
  const policy = await createTinkerPolicy(await tinker(), {
    tokenizer,
    contextTokens,
    baseSha256: model.publishedSha256,
    lora: loraOf(config),
  });
  closing.defer(() => policy.close());
  return policy;
}

async function openTrainer(opened: Opened): Promise<Trainer> {
  const { config, model, closing, processIds, tinker } = opened;
  const { trainer: chosen } = config;
  switch (chosen.engine) {
    case "local": {
      const starting = createTrainerProcess({
        modelPath: model.path,
        baseSha256: model.publishedSha256,
        lora: { ...chosen.lora, seed: config.seed },
        threads: chosen.threads,
        lengths: chosen.lengths,
      });
      // A run may end while it starts.
      closing.defer(async () => (await starting.catch(() => null))?.close());
      const trainer = await starting;
      processIds.push(() => trainer.pid);
      return trainer;
    }
    case "tinker": {
      const { unclippedNorm } = chosen;
      const options = { baseSha256: model.publishedSha256, lora: loraOf(config), unclippedNorm };
      const trainer = await createTinkerTrainer(await tinker(), options);
      closing.defer(() => trainer.close());
      return trainer;
    }
    case "scripted":
      return createScriptedTrainer({});
    case "none":
      throw withoutTrainer();
    default:
      return chosen satisfies never;
  }
}

async function openShared(config: TinkerConfig, closing: AsyncDisposableStack): Promise<TinkerService> {
  const service = await openTinker(config);
  closing.defer(() => service.close());
  return service;
}
