import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import type { LlamaModel } from "node-llama-cpp";
import { LlamaEngine } from "./llama-engine.ts";
import type { ModelSettings } from "./model-messages.ts";
import { createNativeSampler } from "./native-context.ts";
import { SamplerPool } from "./sampler-pool.ts";

/** As many as Node's pool has threads. */
const samplerCount = 4;

/** A model in memory with at most one adapter; every adapter gets a context of its own. */
export class LoadedModel {
  readonly #settings: ModelSettings;
  #weights: Weights;
  #engine: LlamaEngine;
  #adapterPath: string | null;
  /** llama.cpp keeps every adapter until its model is disposed of. */
  #adaptersInMemory = 0;

  private constructor(settings: ModelSettings, weights: Weights, engine: LlamaEngine) {
    this.#settings = settings;
    this.#weights = weights;
    this.#engine = engine;
    this.#adapterPath = settings.adapterPath;
  }

  static async load(settings: ModelSettings): Promise<LoadedModel> {
    const weights = await loadWeights(settings.modelPath);
    return new LoadedModel(settings, weights, await createEngine(weights, settings, settings.adapterPath));
  }

  get engine(): LlamaEngine {
    return this.#engine;
  }

  /** Nothing may be sampled meanwhile. The adapter in use stays when the new one does not load. */
  async useAdapter(adapterPath: string | null): Promise<void> {
    const isFull = adapterPath !== null && this.#adaptersInMemory >= this.#settings.swapsPerReload;
    if (isFull) await this.#reload();
    const engine = await createEngine(this.#weights, this.#settings, adapterPath);
    if (adapterPath !== null) this.#adaptersInMemory++;
    await this.#engine.dispose();
    this.#engine = engine;
    this.#adapterPath = adapterPath;
  }

  async #reload(): Promise<void> {
    await this.#engine.dispose();
    await this.#weights.model.dispose();
    this.#weights = await loadWeights(this.#settings.modelPath);
    this.#engine = await createEngine(this.#weights, this.#settings, this.#adapterPath);
    this.#adaptersInMemory = this.#adapterPath === null ? 0 : 1;
  }
}

interface Weights {
  readonly model: LlamaModel;
  readonly samplers: SamplerPool;
}

async function loadWeights(modelPath: string): Promise<Weights> {
  const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.disabled, progressLogs: false });
  const model = await llama.loadModel({ modelPath });
  return { model, samplers: new SamplerPool(Array.from({ length: samplerCount }, () => createNativeSampler(model))) };
}

/** Sequences: the slots, the kept prefixes, one for scoring. */
async function createEngine(
  weights: Weights,
  settings: ModelSettings,
  adapterPath: string | null,
): Promise<LlamaEngine> {
  const context = await weights.model.createContext({
    sequences: settings.slots + settings.keptPrefixes + 1,
    contextSize: settings.contextTokens,
    batchSize: settings.batchTokens,
    threads: settings.threads,
    failedCreationRemedy: false,
    ...(adapterPath === null ? {} : { lora: adapterPath }),
  });
  return new LlamaEngine(context, { contextTokens: settings.contextTokens, samplers: weights.samplers });
}
