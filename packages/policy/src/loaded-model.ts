import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import type { LlamaModel } from "node-llama-cpp";
import { loadKernels } from "./kernels/load-kernels.ts";
import type { Kernels } from "./kernels/load-kernels.ts";
import { LlamaEngine } from "./llama-engine.ts";
import type { ModelSettings } from "./model-messages.ts";
import { createNativeSampler } from "./native-context.ts";
import { SamplerPool } from "./sampler-pool.ts";

/** As many as Node's pool has threads. */
const samplerCount = 4;

/** A model in memory with at most one adapter; every adapter gets a context of its own, and stays in memory. */
export class LoadedModel {
  readonly #settings: ModelSettings;
  readonly #weights: Weights;
  #engine: LlamaEngine;

  private constructor(settings: ModelSettings, weights: Weights, engine: LlamaEngine) {
    this.#settings = settings;
    this.#weights = weights;
    this.#engine = engine;
  }

  static async load(settings: ModelSettings): Promise<LoadedModel> {
    const kernels = settings.kernels === null ? null : loadKernels(settings.kernels);
    const weights = { ...(await loadWeights(settings.modelPath)), kernels };
    return new LoadedModel(settings, weights, await createEngine(weights, settings, settings.adapterPath));
  }

  get engine(): LlamaEngine {
    return this.#engine;
  }

  /** Nothing may be sampled meanwhile. The engine in use stays when the adapter does not load. */
  async useAdapter(adapterPath: string | null): Promise<void> {
    const engine = await createEngine(this.#weights, this.#settings, adapterPath);
    await this.#engine.dispose();
    this.#engine = engine;
  }
}

interface Weights {
  readonly model: LlamaModel;
  readonly kernels: Kernels | null;
  readonly samplers: SamplerPool;
}

async function loadWeights(modelPath: string): Promise<Omit<Weights, "kernels">> {
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
    // The ready-made kernel for a few tokens sums in half precision: the trainer's log-probabilities are twice as far away.
    flashAttention: weights.kernels !== null,
    ...(adapterPath === null ? {} : { lora: adapterPath }),
  });
  return new LlamaEngine(context, {
    contextTokens: settings.contextTokens,
    samplers: weights.samplers,
    kernels: weights.kernels,
  });
}
