/** @file Runs a traced program in ONNX Runtime and the same array code in jax-js. Tests only. */
import { defaultDevice, init, numpy as np } from "@jax-js/jax";
import { createRng } from "@litmus/core";
import { compileGraph, emptyF32Tensor, f32Tensor } from "../engine/session.ts";
import type { F32Tensor } from "../engine/session.ts";
import { lowerProgram } from "../lowering/lower-program.ts";
import type { Program } from "../lowering/program.ts";
import type { ArrayTree } from "../lowering/trace-program.ts";

/** Values in [0.2, 1.2): inside the domain of every primitive. */
export function randomInputs(program: Program): Map<string, F32Tensor> {
  const rng = createRng("inputs");
  return new Map(
    [...program.inputs].map(([name, { aval }]) => {
      const tensor = emptyF32Tensor(aval.shape);
      return [
        name,
        f32Tensor(
          tensor.data.map(() => 0.2 + rng.uniform()),
          aval.shape,
        ),
      ];
    }),
  );
}

/** Outputs by name. */
export async function runLowered(
  program: Program,
  inputs: ReadonlyMap<string, F32Tensor>,
): Promise<Map<string, Float32Array>> {
  const graph = await compileGraph(lowerProgram("test", program), { threads: 1 });
  const feeds = [...program.inputs.keys()].map((name) => [name, inputs.get(name) as F32Tensor]);
  const outputs = [...program.outputs].map(([name, { aval }]) => [name, emptyF32Tensor(aval.shape)] as const);
  await graph.run(Object.fromEntries(feeds), Object.fromEntries(outputs));
  await graph.dispose();
  return new Map(outputs.map(([name, tensor]) => [name, tensor.data]));
}

/** The same code, run by jax-js; inputs and outputs are one level deep. */
export async function runInJax<Inputs>(
  compute: (inputs: Inputs) => ArrayTree,
  inputs: ReadonlyMap<string, F32Tensor>,
): Promise<Map<string, Float32Array>> {
  await init("wasm");
  defaultDevice("wasm");
  const arrays = [...inputs].map(([name, tensor]) => [
    name,
    np.array(Float32Array.from(tensor.data)).reshape([...tensor.dims]),
  ]);
  const outputs = Object.entries(compute(Object.fromEntries(arrays) as Inputs));
  return new Map(
    await Promise.all(
      outputs.map(async ([name, array]) => [name, Float32Array.from(await (array as np.Array).data())] as const),
    ),
  );
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
}
