import type { Gemma3Config } from "@litmus/models";
import { describe, expect, it } from "vitest";
import { f32Tensor } from "../engine/session.ts";
import type { F32Tensor } from "../engine/session.ts";
import { randomInputs, runLowered } from "../testing/run-program.ts";
import { traceRecomputingBlock, traceSavingBlock } from "./block-programs.ts";
import { loraTargets } from "./lora-targets.ts";

/** Only what a block reads. */
const config = {
  width: 8,
  feedForward: 12,
  heads: 2,
  keyValueHeads: 1,
  headWidth: 4,
  rmsEpsilon: 1e-6,
  queryScale: 0.5,
} as Gemma3Config;
const lora = { rank: 2, targets: loraTargets };
const shape = { config, length: 6, loraScale: 2 };

async function runBoth(inputs: Map<string, F32Tensor>): Promise<Map<string, Float32Array>> {
  const { forward, gradient, saved } = traceSavingBlock(shape, lora);
  const first = await runLowered(forward, inputs);
  const all = new Map(inputs);
  for (const [name, savedShape] of saved) all.set(name, f32Tensor(first.get(name)!, savedShape));
  return new Map([...first, ...(await runLowered(gradient, all))]);
}

describe("the Gemma block", () => {
  it("keeps value and gradient finite where the gate is far beyond the exponential's range, on either side", async () => {
    const inputs = randomInputs(traceRecomputingBlock(shape, lora).gradient);
    const gate = inputs.get("weights.ffn_gate")!;
    gate.data.forEach((value, i) => (gate.data[i] = value * (Math.floor(i / config.width) % 2 === 0 ? 1e4 : -1e4)));
    const outputs = await runBoth(inputs);
    for (const [name, values] of outputs) expect(values.every(Number.isFinite), name).toBe(true);
  });

  it("lets no gradient through to tokens that the mask hides", async () => {
    const inputs = randomInputs(traceRecomputingBlock(shape, lora).gradient);
    const mask = inputs.get("mask")!;
    const tokenAt = (i: number): readonly [number, number] => [Math.floor(i / shape.length), i % shape.length];
    // Tokens 0 to 2 and 3 to 5 are two sequences.
    mask.data.forEach((_, i) => {
      const [row, column] = tokenAt(i);
      mask.data[i] = Math.floor(row / 3) === Math.floor(column / 3) && column <= row ? 0 : -1e30;
    });
    const cotangent = inputs.get("cotangent")!;
    cotangent.data.fill(0, 0, 3 * config.width);
    const outputs = await runBoth(inputs);
    const gradient = outputs.get("gradient.hidden")!;
    expect(gradient.subarray(0, 3 * config.width).every((value) => value === 0)).toBe(true);
    expect(gradient.subarray(3 * config.width).every((value) => value !== 0)).toBe(true);
  });
});
