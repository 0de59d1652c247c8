import { createRng } from "@litmus/core";
import { describe, expect, it } from "vitest";
import type { DistributionReader } from "../distribution-reader.ts";
import type { NativeContext } from "../native-context.ts";
import { kernelReader } from "./kernel-reader.ts";
import type { Kernels } from "./load-kernels.ts";

const context = {} as NativeContext;

/** A sampler whose best token is 7, at this log-probability; counts how often it is asked. */
function samplerOf(logProb: number): DistributionReader & { asked: number } {
  const reader = {
    asked: 0,
    draw: async () => {
      reader.asked += 1;
      return { token: 7, logProb };
    },
    logProb: async () => logProb,
  };
  return reader;
}

describe("kernelReader", () => {
  it("hands temperature and a uniform of the seed to the draw, and checks itself against the sampler once", async () => {
    const calls: unknown[] = [];
    const kernels: Kernels = {
      draw: async (_context, output, ...rest) => {
        calls.push([output, ...rest]);
        return [3, -0.5];
      },
    };
    const sampler = samplerOf(-0.5);
    const reader = kernelReader(kernels, context, sampler);
    expect(await reader.draw(11, { temperature: 0.7, seed: 5 })).toEqual({ token: 3, logProb: -0.5 });
    expect(await reader.logProb(12, 9)).toBe(-0.5);
    expect(calls).toEqual([
      [11, 0, 0, 7],
      [11, 0.7, createRng(5).uniform(), -1],
      [12, 0, 0, 9],
    ]);
    expect(sampler.asked).toBe(1);
  });

  it("refuses kernels that read other numbers than llama.cpp's sampler", async () => {
    const reader = kernelReader({ draw: async () => [7, -0.4] }, context, samplerOf(-0.5));
    const refusal = { code: "incompatible", message: /-0.4, llama.cpp -0.5/ };
    await expect(reader.draw(0, { temperature: 1, seed: 1 })).rejects.toMatchObject(refusal);
    await expect(reader.logProb(0, 1)).rejects.toMatchObject(refusal);
  });
});
