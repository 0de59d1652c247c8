/** @file The adapter of the golden log-probabilities: made from seeds, so that no file of it is kept. Tests and fixtures only. */
import { createRng, policyVersion } from "@litmus/core";
import type { SavedState, Sha256 } from "@litmus/core";
import { gemma3Config, openGguf } from "@litmus/models";
import { adapterLayout, initialAdapter, matrixValues } from "../adapter/adapter-parameters.ts";
import { loraTargets } from "../block/lora-targets.ts";
import { writeState } from "../state-files.ts";

export const goldenLora = { rank: 16, alpha: 32, targets: loraTargets, seed: 1 } as const;
/** The tests' model stands under this hash: what it is called does not matter here. */
export const goldenBase = "a".repeat(64) as Sha256;

/** Writes an adapter with b ~ N(0, 0.01²), far from zero: it moves log-probabilities by about 0.7 nats. */
export async function writeGoldenAdapter(modelPath: string, directory: string): Promise<SavedState> {
  await using model = await openGguf(modelPath);
  const { matrices, size } = adapterLayout(gemma3Config(model), goldenLora);
  const parameters = initialAdapter({ matrices, size }, goldenLora.seed);
  const rng = createRng("golden adapter");
  for (const matrix of matrices) {
    if (matrix.part === "b")
      matrixValues(parameters, matrix).set(parametersOf(matrix.shape, () => 0.01 * rng.normal()));
  }
  const state = { parameters, firstMoment: new Float32Array(size), secondMoment: new Float32Array(size), updates: 0 };
  const request = { directory, version: policyVersion(1), parentSha256: null };
  return writeState({ baseSha256: goldenBase, lora: goldenLora, matrices }, state, request);
}

function parametersOf(shape: readonly [number, number], value: () => number): number[] {
  return Array.from({ length: shape[0] * shape[1] }, value);
}
