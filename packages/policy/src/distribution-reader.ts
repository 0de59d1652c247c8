import type { NativeContext } from "./native-context.ts";
import type { SamplerPool } from "./sampler-pool.ts";
import type { Draw, DrawOptions, Output } from "./sequence-engine.ts";
import { drawToken, scoreToken } from "./token-draw.ts";

/** Reads the distributions of a context's latest evaluation. */
export interface DistributionReader {
  /** Draws from the whole distribution. */
  draw(output: Output, options: DrawOptions): Promise<Draw>;
  /** Log-probability of a token at temperature 1. */
  logProb(output: Output, token: number): Promise<number>;
}

/** With node-llama-cpp's samplers. */
export function samplerReader(context: NativeContext, samplers: SamplerPool): DistributionReader {
  return {
    draw: (output, options) => samplers.lend((sampler) => drawToken({ context, sampler, output }, options)),
    logProb: (output, token) => samplers.lend((sampler) => scoreToken({ context, sampler, output }, token)),
  };
}
