/** @file A tiny Gemma 3 with an adapter that is not zero, in the engine and in the reference. Tests only. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng } from "@litmus/core";
import { writeTinyGemma3 } from "@litmus/models";
import type { TinyGemma3 } from "@litmus/models";
import { adapterLayout } from "../adapter/adapter-parameters.ts";
import { loraTargets } from "../block/lora-targets.ts";
import type { LoraTarget } from "../block/lora-targets.ts";
import { loadModelWeights } from "../engine/model-weights.ts";
import { PolicyModel } from "../engine/policy-model.ts";
import type { ReferenceModel } from "./reference-gemma.ts";

export interface TinyPolicy extends AsyncDisposable {
  readonly model: PolicyModel;
  readonly reference: ReferenceModel;
  readonly parameters: Float32Array;
  readonly lora: { readonly rank: number; readonly alpha: number };
}

export interface TinyPolicyOptions extends Partial<TinyGemma3> {
  readonly lengths: readonly number[];
  readonly targets?: readonly LoraTarget[];
}

/** Seven layers, one of them global; two query heads to a key-value head; a window of 5. */
export async function openTinyPolicy(options: TinyPolicyOptions): Promise<TinyPolicy> {
  const directory = await mkdtemp(join(tmpdir(), "litmus-tiny-"));
  const sizes = {
    seed: 3,
    layers: 7,
    width: 16,
    feedForward: 24,
    heads: 4,
    keyValueHeads: 2,
    headWidth: 8,
    slidingWindow: 5,
  };
  const { path } = await writeTinyGemma3(join(directory, "tiny.gguf"), { ...sizes, ...options });
  const weights = await loadModelWeights(path);
  await rm(directory, { recursive: true });
  const lora = { rank: 3, alpha: 6, seed: 1, targets: options.targets ?? loraTargets };
  const { matrices, size } = adapterLayout(weights.config, lora);
  const rng = createRng("tiny adapter");
  const parameters = Float32Array.from({ length: size }, () => 0.1 * rng.normal());
  const model = await PolicyModel.compile({
    weights,
    lora,
    matrices,
    parameters,
    lengths: options.lengths,
    session: { threads: 1 },
  });
  return {
    model,
    parameters,
    lora,
    reference: { weights, matrices, loraScale: lora.alpha / lora.rank },
    [Symbol.asyncDispose]: () => model.dispose(),
  };
}
