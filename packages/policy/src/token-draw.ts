import type { NativeContext, NativeSampler } from "./native-context.ts";
import type { Draw, DrawOptions } from "./sequence-engine.ts";

/** llama.cpp takes this seed as "any". */
const randomSeed = 0xffffffff;

/** One distribution, and the sampler to read it with. */
export interface DistributionSource {
  readonly context: NativeContext;
  readonly sampler: NativeSampler;
  readonly output: number;
}

/** Draws from the untruncated softmax of the logits at a temperature, and returns the draw's own log-probability. */
export async function drawToken(source: DistributionSource, options: DrawOptions): Promise<Draw> {
  const { context, sampler, output } = source;
  sampler.applyConfig({ temperature: 0 });
  if (options.temperature === 0) {
    const best = await sampleWithLogits(source, []);
    return { token: best.token, logProb: -Math.log(best.weight) };
  }
  // The weight of a draw is relative to the highest logit, which is only returned when asked for by its id.
  const best = await context.sampleToken(output, sampler);
  const seed = options.seed === randomSeed ? 0 : options.seed;
  sampler.applyConfig({ temperature: options.temperature, seed });
  const drawn = await sampleWithLogits(source, [best]);
  return { token: drawn.token, logProb: logProbOf(drawn, drawn.token, best) };
}

/** Log-probability of a token at temperature 1. */
export async function scoreToken(source: DistributionSource, token: number): Promise<number> {
  source.sampler.applyConfig({ temperature: 0 });
  const best = await sampleWithLogits(source, [token]);
  return logProbOf(best, token, best.token);
}

interface SampledLogits {
  readonly token: number;
  /** Of the tokens asked for and of the sampled one, divided by the temperature. */
  readonly logits: ReadonlyMap<number, number>;
  /** Sum of exp(logit − highest logit); summed in f32 by the binding, in order of id. */
  readonly weight: number;
}

async function sampleWithLogits(source: DistributionSource, tokens: readonly number[]): Promise<SampledLogits> {
  const { context, sampler, output } = source;
  const filter = [tokens, false, false, true, 0] as const;
  const [token, , , pairs = [], weight] = await context.sampleToken(output, sampler, false, false, filter, true);
  if (token < 0 || weight === undefined) throw new Error("the model gave no token: its logits are not finite");
  const logits = new Map<number, number>();
  for (let i = 1; i < pairs.length; i += 2) logits.set(pairs[i - 1] as number, pairs[i] as number);
  return { token, logits, weight };
}

function logProbOf(sampled: SampledLogits, token: number, best: number): number {
  const logit = sampled.logits.get(token);
  const highest = sampled.logits.get(best);
  if (logit === undefined || highest === undefined) throw new Error(`no logit came back for token ${token} or ${best}`);
  const logProb = logit - highest - Math.log(sampled.weight);
  if (!Number.isFinite(logProb)) throw new Error(`the model's logits are not finite (log-probability ${logProb})`);
  return logProb;
}
