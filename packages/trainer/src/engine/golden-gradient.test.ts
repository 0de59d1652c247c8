import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { matrixValues } from "../adapter/adapter-parameters.ts";
import { goldenQueries, goldenSizes } from "../testing/golden-gradient.ts";
import { openTinyPolicy } from "../testing/tiny-policy.ts";
import type { TinyPolicy } from "../testing/tiny-policy.ts";
import type { Answer, AnsweredSpan } from "./policy-model.ts";

/** PyTorch's answers in double precision: fixtures/make-gradient-golden.mjs and .py. */
interface Golden {
  readonly answers: readonly { readonly logProbs: readonly number[]; readonly entropies: readonly number[] }[];
  /** Single precision, base64. */
  readonly gradient: string;
}

const golden = JSON.parse(
  readFileSync(new URL("../../fixtures/gradient-golden.json", import.meta.url), "utf8"),
) as Golden;
const expectedGradient = Float32Array.from(
  new Float32Array(Uint8Array.from(Buffer.from(golden.gradient, "base64")).buffer),
);

let tiny: TinyPolicy;
beforeAll(async () => {
  tiny = await openTinyPolicy({ ...goldenSizes, lengths: [16, 48] });
});
afterAll(() => tiny?.[Symbol.asyncDispose]());

const slopes = ({ query, first, logProbs }: AnsweredSpan): Answer => {
  const part = (values: readonly number[] = []): Float64Array =>
    Float64Array.from(values.slice(first, first + logProbs.length));
  return {
    logProbs: part(goldenQueries[query]?.logProbSlopes),
    entropies: part(goldenQueries[query]?.entropySlopes),
  };
};
const norm = (values: Float32Array): number => Math.hypot(...values);

describe("the whole model, against PyTorch", () => {
  it("gives the same log-probabilities and entropies", async () => {
    const answers = await tiny.model.evaluate(goldenQueries);
    for (const [i, { logProbs, entropies }] of golden.answers.entries()) {
      logProbs.forEach((value, at) => expect(Math.abs(answers[i]!.logProbs[at]! - value)).toBeLessThan(2e-5));
      entropies.forEach((value, at) => expect(Math.abs(answers[i]!.entropies[at]! - value)).toBeLessThan(2e-5));
    }
  });

  it("has the same gradient for every LoRA matrix", async () => {
    const total = new Float32Array(tiny.parameters.length);
    await tiny.model.differentiate(goldenQueries, { hasEntropies: true, derivatives: slopes }, total);
    expect(total.length).toBe(expectedGradient.length);
    for (const matrix of tiny.reference.matrices) {
      const [found, expected] = [matrixValues(total, matrix), matrixValues(expectedGradient, matrix)];
      const error = norm(found.map((value, i) => value - expected[i]!)) / norm(expected);
      expect(error, `${matrix.layer} ${matrix.target} ${matrix.part}`).toBeLessThan(1e-4);
    }
  });
});
