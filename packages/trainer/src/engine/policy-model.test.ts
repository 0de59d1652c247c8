import { createRng } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { referenceAnswer } from "../testing/reference-gemma.ts";
import { openTinyPolicy } from "../testing/tiny-policy.ts";
import type { TinyPolicy } from "../testing/tiny-policy.ts";
import type { Answer, AnsweredSpan, Query } from "./policy-model.ts";

const tokensOf = (seed: string, count: number): number[] => {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => rng.integer(128));
};
/** Lengths beyond the window, positions with gaps. */
const queries: readonly Query[] = [
  { tokens: tokensOf("first", 13), positions: [4, 5, 9, 12] },
  { tokens: tokensOf("second", 9), positions: [1, 8] },
  { tokens: tokensOf("third", 7), positions: [3, 6] },
];
/** Any smooth function of the log-probabilities will do as a loss. */
const slope = (query: number, index: number): number => Math.sin(1 + 3 * query + index);
const derivative = (span: AnsweredSpan): Float64Array => span.logProbs.map((_, i) => slope(span.query, span.first + i));

let tiny: TinyPolicy;
beforeAll(async () => {
  tiny = await openTinyPolicy({ lengths: [16, 32] });
});
afterAll(() => tiny?.[Symbol.asyncDispose]());

/** Of Σ slope · log-probability + entropySlope · entropy. */
async function gradientOf(
  policy: TinyPolicy,
  data: readonly Query[],
  slopes = derivative,
  entropySlope = 0,
): Promise<Float32Array> {
  const total = new Float32Array(policy.parameters.length);
  const derivatives = (span: AnsweredSpan): Answer => ({
    logProbs: slopes(span),
    entropies: span.entropies.map(() => entropySlope),
  });
  await policy.model.differentiate(data, { hasEntropies: entropySlope !== 0, derivatives }, total);
  return total;
}

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  largest(Array.from(a).map((value, i) => value - b[i]!));

describe("PolicyModel", () => {
  it("agrees with the double-precision reference, packed with other sequences and beyond the window", async () => {
    const answers = await tiny.model.evaluate(queries);
    queries.forEach((query, i) => {
      const expected = referenceAnswer(tiny.reference, Float64Array.from(tiny.parameters), query);
      expect(largestDifference(answers[i]!.logProbs, expected.logProbs)).toBeLessThan(2e-5);
      expect(largestDifference(answers[i]!.entropies, expected.entropies)).toBeLessThan(2e-5);
    });
  });

  it.each([
    ["log-probabilities", 0],
    ["log-probabilities and entropies", 0.7],
  ])(
    "has the reference's gradient of %s, by central differences over every matrix of the first, the global and the last layer",
    async (_, entropySlope) => {
      const gradient = await gradientOf(tiny, queries, derivative, entropySlope);
      const lossAt = (parameters: Float64Array): number =>
        queries.reduce((total, query, q) => {
          const { logProbs, entropies } = referenceAnswer(tiny.reference, parameters, query);
          const terms = Array.from(logProbs, (logProb, i) => slope(q, i) * logProb + entropySlope * entropies[i]!);
          return total + terms.reduce((sum, term) => sum + term, 0);
        }, 0);
      const rng = createRng("which parameters");
      for (const matrix of tiny.reference.matrices.filter(({ layer }) => [0, 5, 6].includes(layer))) {
        const index = matrix.offset + rng.integer(matrix.shape[0] * matrix.shape[1]);
        const shifted = (step: number): number => {
          const parameters = Float64Array.from(tiny.parameters);
          parameters[index]! += step;
          return lossAt(parameters);
        };
        const numeric = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
        expect(Math.abs(gradient[index]! - numeric), JSON.stringify(matrix)).toBeLessThan(
          1e-4 * (1 + Math.abs(numeric)),
        );
      }
    },
  );

  it("gives a sequence in a packed row what it gives it alone", async () => {
    const packed = await tiny.model.evaluate(queries);
    const packedGradient = await gradientOf(tiny, queries);
    const summed = new Float32Array(tiny.parameters.length);
    for (const [q, query] of queries.entries()) {
      const [alone] = await tiny.model.evaluate([query]);
      expect(largestDifference(packed[q]!.logProbs, alone!.logProbs)).toBeLessThan(1e-5);
      const own = await gradientOf(tiny, [query], (span) => span.logProbs.map((_, i) => slope(q, span.first + i)));
      own.forEach((value, i) => (summed[i]! += value));
    }
    expect(largestDifference(packedGradient, summed)).toBeLessThan(1e-5 * Math.max(1, largest(summed)));
  });

  it("gives sequences that share their beginning what it gives them alone, even when that holds policy tokens", async () => {
    const prompt = tokensOf("prompt", 17);
    const group: readonly Query[] = [
      { tokens: [...prompt, 5, 6, 7, 8], positions: [3, 17, 18, 20] },
      { tokens: [...prompt, 9, 6, 7], positions: [16, 17, 19] },
      { tokens: [...prompt, 5, 6], positions: [18] },
    ];
    await using wide = await openTinyPolicy({ lengths: [32] });
    const together = await wide.model.evaluate(group);
    const gradient = await gradientOf(wide, group);
    const summed = new Float32Array(tiny.parameters.length);
    for (const [q, query] of group.entries()) {
      const expected = referenceAnswer(wide.reference, Float64Array.from(wide.parameters), query);
      expect(largestDifference(together[q]!.logProbs, expected.logProbs)).toBeLessThan(2e-5);
      const own = await gradientOf(wide, [query], (span) => span.logProbs.map((_, i) => slope(q, span.first + i)));
      own.forEach((value, i) => (summed[i]! += value));
    }
    expect(largestDifference(gradient, summed)).toBeLessThan(1e-5 * Math.max(1, largest(summed)));
  });

  it("is untouched, to the bit, by tokens after the last policy token and by a neighbour's slopes of zero", async () => {
    const [first, second] = queries as [Query, Query];
    const onlyFirst = (span: AnsweredSpan): Float64Array =>
      span.logProbs.map((_, i) => (span.query === 0 ? slope(0, span.first + i) : 0));
    const before = await gradientOf(tiny, [first, second], onlyFirst);
    const longer = { ...first, tokens: [...first.tokens, 7, 7, 7] };
    expect(await gradientOf(tiny, [longer, second], onlyFirst)).toEqual(before);
    const otherNeighbour = { ...second, tokens: second.tokens.map((token) => (token + 1) % 128) };
    expect(await gradientOf(tiny, [first, otherNeighbour], onlyFirst)).toEqual(before);
  });

  it("has a gradient of exactly zero without slopes, and otherwise the sum of its policy tokens' gradients: no other token adds to it", async () => {
    const query = queries[0]!;
    expect(largest(await gradientOf(tiny, [query], (span) => new Float64Array(span.logProbs.length)))).toBe(0);
    const summed = new Float32Array(tiny.parameters.length);
    for (const [index, position] of query.positions.entries()) {
      const own = await gradientOf(tiny, [{ ...query, positions: [position] }], () => Float64Array.of(slope(0, index)));
      own.forEach((value, i) => (summed[i]! += value));
    }
    const whole = await gradientOf(tiny, [query]);
    expect(largest(whole)).toBeGreaterThan(0.1);
    expect(largestDifference(whole, summed)).toBeLessThan(1e-5 * Math.max(1, largest(summed)));
  });

  it("has the same gradient in rows that are computed twice", async () => {
    await using long = await openTinyPolicy({ lengths: [1040] });
    const expected = await gradientOf(tiny, queries);
    expect(largestDifference(await gradientOf(long, queries), expected)).toBeLessThan(
      1e-5 * Math.max(1, largest(expected)),
    );
  });

  it("repeats itself to the bit", async () => {
    expect(await gradientOf(tiny, queries)).toEqual(await gradientOf(tiny, queries));
  });

  it("trains only the targets it is given", async () => {
    await using part = await openTinyPolicy({ lengths: [16], targets: ["attn_v", "ffn_down"] });
    const query = queries[0]!;
    const [answer] = await part.model.evaluate([query]);
    const expected = referenceAnswer(part.reference, Float64Array.from(part.parameters), query);
    expect(largestDifference(answer!.logProbs, expected.logProbs)).toBeLessThan(2e-5);
    expect(part.reference.matrices.map((matrix) => matrix.target)).toContain("attn_v");
    expect(largest(await gradientOf(part, [query]))).toBeGreaterThan(0);
  });
});
