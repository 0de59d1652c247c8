import { createRng, LitmusError } from "@litmus/core";
import type { DistributionReader } from "../distribution-reader.ts";
import type { NativeContext } from "../native-context.ts";
import type { Output } from "../sequence-engine.ts";
import type { Kernels } from "./load-kernels.ts";

/** No token: draw one. */
const none = -1;
/** Sums in single and in double precision differ by a tenth of it. */
const tolerance = 1e-2;

/**
 * With the kernels' draw. It reads the logits where the addon keeps them, so the first log-probability is compared with the
 * one that node-llama-cpp's own sampler gives.
 */
export function kernelReader(
  kernels: Kernels,
  context: NativeContext,
  sampler: DistributionReader,
): DistributionReader {
  let checked: Promise<void> | null = null;
  const check = (output: Output): Promise<void> => {
    checked ??= compare(output).catch((error: unknown) => {
      // What is wrong with this output may not be wrong with the next.
      if (!LitmusError.isInstance(error)) checked = null;
      throw error;
    });
    return checked;
  };
  const logProb = async (output: Output, token: number): Promise<number> =>
    (await kernels.draw(context, output, 0, 0, token))[1];
  const compare = async (output: Output): Promise<void> => {
    const { token, logProb: expected } = await sampler.draw(output, { temperature: 0, seed: 0 });
    const found = await logProb(output, token);
    if (Math.abs(found - expected) < tolerance) return;
    throw new LitmusError("incompatible", `the kernels read a log-probability of ${found}, llama.cpp ${expected}`, {
      hint: "set policy.kernels to prebuilt",
    });
  };
  return {
    draw: async (output, { temperature, seed }) => {
      await check(output);
      const [token, own] = await kernels.draw(context, output, temperature, createRng(seed).uniform(), none);
      return { token, logProb: own };
    },
    logProb: async (output, token) => {
      await check(output);
      return logProb(output, token);
    },
  };
}
