import { createRng } from "@litmus/core";
import type { Gemma3Config } from "@litmus/models";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ModelWeights } from "./model-weights.ts";
import { VocabularyHead } from "./vocabulary-head.ts";

const [width, vocabularySize, count] = [6, 70_000, 3];
const rng = createRng("head");
const random = (length: number, scale: number): Float32Array =>
  Float32Array.from({ length }, () => scale * rng.normal());
const embedding = random(vocabularySize * width, 1);
const hidden = random(count * width, 2);
/** In different slices of the vocabulary. */
const targets = [3, 69_999, 35_001];

/** Only what the head reads. */
const weights = {
  config: { vocabularySize, width } as Gemma3Config,
  embedding,
  outputNorm: new Float32Array(),
  blocks: [],
} satisfies ModelWeights;

function naive(states: ArrayLike<number>, row: number): { logProb: number; entropy: number } {
  const logits = Float64Array.from({ length: vocabularySize }, (_, token) => {
    let logit = 0;
    for (let i = 0; i < width; i++) logit += states[row * width + i]! * embedding[token * width + i]!;
    return logit;
  });
  const maximum = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const logSumExp = maximum + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - maximum), 0));
  const entropy = logits.reduce((sum, logit) => sum - Math.exp(logit - logSumExp) * (logit - logSumExp), 0);
  return { logProb: logits[targets[row]!]! - logSumExp, entropy };
}

let head: VocabularyHead;
beforeAll(async () => {
  head = await VocabularyHead.compile(weights, { threads: 1 });
});
afterAll(() => head?.dispose());

describe("VocabularyHead", () => {
  it("agrees with a double-precision softmax over the whole vocabulary", async () => {
    const { logProbs, entropies } = await head.forward({ hidden, targets, gradient: "none" });
    for (let row = 0; row < count; row++) {
      const expected = naive(hidden, row);
      expect(Math.abs(logProbs[row]! - expected.logProb)).toBeLessThan(1e-5);
      expect(Math.abs(entropies[row]! - expected.entropy)).toBeLessThan(1e-5);
    }
  });

  it("has the gradient of that softmax, by central differences", async () => {
    const derivative = [0.7, -1.3, 0.2];
    const pass = await head.forward({ hidden, targets, gradient: "log-probabilities" });
    const gradient = pass.gradient({
      logProbs: Float64Array.from(derivative),
      entropies: new Float64Array(count),
    });
    for (let at = 0; at < count * width; at++) {
      const row = Math.floor(at / width);
      const shifted = (step: number): number => {
        const states = Float64Array.from(hidden);
        states[at]! += step;
        return naive(states, row).logProb * derivative[row]!;
      };
      expect(Math.abs(gradient[at]! - (shifted(1e-4) - shifted(-1e-4)) / 2e-4)).toBeLessThan(1e-4);
    }
  });

  it("has the gradient of entropies too, by central differences", async () => {
    const derivatives = { logProbs: Float64Array.of(0.7, 0, 0.2), entropies: Float64Array.of(-0.4, 1.1, 0) };
    const gradient = (await head.forward({ hidden, targets, gradient: "entropies" })).gradient(derivatives);
    for (let at = 0; at < count * width; at++) {
      const row = Math.floor(at / width);
      const shifted = (step: number): number => {
        const states = Float64Array.from(hidden);
        states[at]! += step;
        const { logProb, entropy } = naive(states, row);
        return logProb * derivatives.logProbs[row]! + entropy * derivatives.entropies[row]!;
      };
      expect(Math.abs(gradient[at]! - (shifted(1e-4) - shifted(-1e-4)) / 2e-4)).toBeLessThan(1e-4);
    }
  });

  it("says the same whatever will be differentiated", async () => {
    const passes = await Promise.all(
      (["none", "log-probabilities", "entropies"] as const).map((gradient) =>
        head.forward({ hidden, targets, gradient }),
      ),
    );
    for (const { logProbs, entropies } of passes) {
      expect(logProbs).toEqual(passes[0]?.logProbs);
      expect(entropies).toEqual(passes[0]?.entropies);
    }
  });

  it("stays finite for logits far beyond the exponential's range", async () => {
    const large = hidden.map((value) => value * 1000);
    const pass = await head.forward({ hidden: large, targets, gradient: "entropies" });
    const { logProbs, entropies } = pass;
    const gradient = pass.gradient({
      logProbs: Float64Array.of(1, 1, 1),
      entropies: Float64Array.of(1, 1, 1),
    });
    for (const value of [...logProbs, ...entropies, ...gradient]) expect(Number.isFinite(value)).toBe(true);
  });
});
