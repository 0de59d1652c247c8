import { createRng } from "@litmus/core";
import type { Gemma3Config } from "@litmus/models";
import type { LoraShape } from "../block/block-programs.ts";
import { linearShapes } from "../block/lora-targets.ts";
import type { LoraTarget } from "../block/lora-targets.ts";

/** What distinguishes one adapter from another but its values. */
export interface LoraSettings extends LoraShape {
  /** The adapter's effect is scaled by alpha / rank. */
  readonly alpha: number;
  /** Of the initial values. */
  readonly seed: number;
}

/** Where one LoRA matrix lies in the flat array of all parameters. */
export interface AdapterMatrix {
  readonly layer: number;
  readonly target: LoraTarget;
  readonly part: "a" | "b";
  /** a [rank, in], b [out, rank]. */
  readonly shape: readonly [number, number];
  readonly offset: number;
}

/** All LoRA matrices of a model: layer by layer, target by target, a before b. */
export function adapterLayout(
  config: Gemma3Config,
  lora: LoraShape,
): { readonly matrices: readonly AdapterMatrix[]; readonly size: number } {
  const linear = linearShapes(config);
  const matrices: AdapterMatrix[] = [];
  let offset = 0;
  const add = (layer: number, target: LoraTarget, part: "a" | "b"): void => {
    const [out, input] = linear[target];
    const shape = part === "a" ? ([lora.rank, input] as const) : ([out, lora.rank] as const);
    matrices.push({ layer, target, part, shape, offset });
    offset += shape[0] * shape[1];
  };
  for (let layer = 0; layer < config.layers; layer++) {
    for (const target of lora.targets) {
      add(layer, target, "a");
      add(layer, target, "b");
    }
  }
  return { matrices, size: offset };
}

/** The values of one matrix: a view, not a copy. */
export function matrixValues(values: Float32Array, matrix: AdapterMatrix): Float32Array {
  return values.subarray(matrix.offset, matrix.offset + matrix.shape[0] * matrix.shape[1]);
}

/** a ~ N(0, 1 / in), b = 0: a fresh adapter changes nothing (arXiv:2106.09685). */
export function initialAdapter(layout: ReturnType<typeof adapterLayout>, seed: number): Float32Array {
  const values = new Float32Array(layout.size);
  const rng = createRng(`lora:${seed}`);
  for (const matrix of layout.matrices) {
    if (matrix.part === "b") continue;
    const deviation = 1 / Math.sqrt(matrix.shape[1]);
    const own = matrixValues(values, matrix);
    for (let i = 0; i < own.length; i++) own[i] = deviation * rng.normal();
  }
  return values;
}
