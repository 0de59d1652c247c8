import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LitmusError } from "@litmus/core";
import type { AdapterReference } from "@litmus/core";
import { describeTokenPolicy } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLlamaCppPolicy } from "./llama-cpp-policy.ts";
import type { LlamaCppPolicy } from "./llama-cpp-policy.ts";
import { chiSquareTest } from "./testing/chi-square-test.ts";
import { distributionAfter, drawMany, requestFor, valueOf } from "./testing/sampling.ts";
import { writeTinyAdapter, writeTinyModel } from "./testing/tiny-model.ts";
import type { TinyAdapter, TinyModel } from "./testing/tiny-model.ts";

let directory: string;
let model: TinyModel;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litmus-policy-"));
  model = await writeTinyModel(directory);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

type Open = (changes?: object) => Promise<LlamaCppPolicy>;
const openWith =
  (kernels: string | null): Open =>
  (changes = {}) =>
    createLlamaCppPolicy({
      modelPath: model.path,
      modelSha256: model.sha256,
      contextTokens: 512,
      slots: 4,
      threads: 1,
      batchTokens: 48,
      kernels,
      ...changes,
    });
/** Built in scripts/test-model.ts; undefined where there is no compiler. */
const built = process.env["LITMUS_TEST_KERNELS"];

const writeAdapter = (name: string, adapter: Partial<TinyAdapter>): Promise<AdapterReference> =>
  writeTinyAdapter(join(directory, name), { version: 1, scale: 1, baseSha256: model.sha256, ...adapter });

describeTokenPolicy("llama.cpp with a tiny model", async () => ({
  policy: await openWith(null)(),
  adapters: [await writeAdapter("one.gguf", { version: 1 }), await writeAdapter("two.gguf", { version: 2 })],
  logProbTolerance: 2e-3,
}));

/** Of pairs of tokens by their ids modulo `groups`, where every token but the end tokens is as likely as the others. */
function cellProbabilities(policy: LlamaCppPolicy, groups: number): number[] {
  const { vocabularySize, endTokens } = policy.tokenizer;
  const sizes = Array.from({ length: groups }, (_, group) => {
    const ended = endTokens.filter((token) => token % groups === group).length;
    return vocabularySize / groups - ended;
  });
  const total = (vocabularySize - endTokens.length) ** 2;
  return sizes.flatMap((first) => sizes.map((second) => (first * second) / total));
}

describe.skipIf(built === undefined)("with kernels of this processor", () => {
  describeTokenPolicy("llama.cpp with a tiny model and kernels of this processor", async () => ({
    policy: await openWith(built ?? null)(),
    adapters: [await writeAdapter("three.gguf", { version: 1 }), await writeAdapter("four.gguf", { version: 2 })],
    logProbTolerance: 2e-3,
  }));

  it("says so where the kernels do not load", async () => {
    const error = await openWith(directory)().catch((cause: unknown) => cause);
    expect(LitmusError.isInstance(error) && error.message).toContain("do not load");
  });
});

const withKernels = built === undefined ? [] : ([["kernels of this processor", built]] as const);
describe.each([["ready-made kernels", null] as const, ...withKernels])("llama.cpp policy with %s", (_, kernels) => {
  const open = openWith(kernels);
  let policy: LlamaCppPolicy;
  let prompt: readonly number[];
  let everyToken: readonly number[];
  beforeAll(async () => {
    policy = await open({ slots: 16, contextTokens: 640 });
    prompt = [policy.tokenizer.special.beginOfSequence, ...policy.tokenizer.encode("Which gland makes insulin?")];
    everyToken = Array.from({ length: policy.tokenizer.vocabularySize }, (_, token) => token);
  });
  afterAll(() => policy.close());

  const probabilitiesAt = async (temperature: number): Promise<number[]> => {
    const logProbs = await distributionAfter(policy, prompt, everyToken);
    const weights = logProbs.map((logProb) => Math.exp(logProb / temperature));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (temperature === 1) expect(total).toBeCloseTo(1, 4);
    return weights.map((weight) => weight / total);
  };

  it("draws from the whole distribution: 20,000 one-token samples", async () => {
    const probabilities = await probabilitiesAt(1);
    const counts = await drawMany(policy, prompt, { draws: 20_000, temperature: 1, players: 16 });
    expect(chiSquareTest(counts, probabilities).pValue).toBeGreaterThan(0.001);
    const cutOff = [...probabilities].sort((a, b) => b - a)[300] as number;
    const truncated = probabilities.map((probability) => (probability >= cutOff ? probability : 1e-9));
    expect(chiSquareTest(counts, truncated).pValue).toBeLessThan(1e-6);
  });

  it("draws at another temperature as the scaled logits say", async () => {
    const probabilities = await probabilitiesAt(0.5);
    const counts = await drawMany(policy, prompt, { draws: 4_000, temperature: 0.5, players: 16 });
    expect(chiSquareTest(counts, probabilities).pValue).toBeGreaterThan(0.001);
    const request = requestFor(prompt, { temperature: 0.5 });
    const { tokens, logProbs } = valueOf(await policy.sample(request));
    policy.release(request.episodeId);
    expect(logProbs[0]).toBeCloseTo(Math.log(probabilities[tokens[0] as number] as number), 3);
  });

  it("draws every token of a turn on its own", async () => {
    const flat = await writeTinyModel(directory, { isFlat: true });
    const even = await open({ modelPath: flat.path, modelSha256: flat.sha256, slots: 16, contextTokens: 600 });
    const play = async (seed: number): Promise<readonly number[]> => {
      const request = requestFor([2], { seed, maxTokens: 590 });
      const { tokens, logProbs } = valueOf(await even.sample(request));
      even.release(request.episodeId);
      for (const logProb of logProbs) expect(logProb).toBeCloseTo(-Math.log(even.tokenizer.vocabularySize), 4);
      return tokens.filter((token) => !even.tokenizer.endTokens.includes(token));
    };
    const actions = await Promise.all(Array.from({ length: 64 }, (_, seed) => play(seed)));
    await even.close();
    const groups = 8;
    for (const lag of [1, 2]) {
      const pairs = Array.from({ length: groups * groups }, () => 0);
      for (const action of actions) {
        for (let i = lag; i < action.length; i++) {
          const cell = ((action[i - lag] as number) % groups) * groups + ((action[i] as number) % groups);
          pairs[cell] = (pairs[cell] as number) + 1;
        }
      }
      expect(pairs.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(5_000);
      expect(chiSquareTest(pairs, cellProbabilities(even, groups)).pValue).toBeGreaterThan(0.001);
    }
    const firsts = actions.map(([token]) => token);
    expect(new Set(firsts).size).toBeGreaterThan(40);
  });

  it("keeps an episode's cache over many turns as a fresh evaluation would, past the sliding window", async () => {
    const play = async (salt: number): Promise<void> => {
      const question = policy.tokenizer.encode(`Question ${salt}?`);
      let tokens: readonly number[] = [...prompt, ...policy.tokenizer.encode("An example. ".repeat(8)), ...question];
      const base = requestFor(prompt, { maxTokens: 12, sharedPrefixLength: tokens.length });
      const positions: number[] = [];
      const sampled: number[] = [];
      for (let turn = 0; turn < 3 + (salt % 3); turn++) {
        const action = valueOf(await policy.sample({ ...base, tokens, seed: 10 * salt + turn }));
        positions.push(...action.tokens.map((_, i) => tokens.length + i));
        sampled.push(...action.logProbs);
        const observation = policy.tokenizer.encode(`\nResult ${turn} of ${salt}: ${"insulin ".repeat(6)}`);
        tokens = [...tokens, ...action.tokens, ...observation];
      }
      policy.release(base.episodeId);
      const [scores = []] = valueOf(await policy.score([{ tokens, positions }]));
      expect(scores).toHaveLength(sampled.length);
      expect(sampled.length).toBeGreaterThan(10);
      scores.forEach((score, i) => expect(Math.abs(score - (sampled[i] as number))).toBeLessThan(2e-3));
    };
    await Promise.all([1, 2, 3, 4, 5, 6].map(play));
  });

  it("uses an adapter as it says, changes nothing with an empty one, and refuses what does not belong", async () => {
    const some = everyToken.slice(0, 50);
    const base = await distributionAfter(policy, prompt, some);
    const difference = async (): Promise<number> => {
      const now = await distributionAfter(policy, prompt, some);
      return Math.max(...now.map((logProb, i) => Math.abs(logProb - (base[i] as number))));
    };
    await policy.useAdapter(await writeAdapter("zero.gguf", { scale: 0 }));
    expect(await difference()).toBeLessThan(1e-4);
    const random = await writeAdapter("random.gguf", { version: 2 });
    await policy.useAdapter(random);
    const changed = await difference();
    expect(changed).toBeGreaterThan(0.01);

    const codeOfUse = (adapter: AdapterReference): Promise<string> =>
      policy.useAdapter(adapter).then(
        () => "used",
        (error: unknown) => (LitmusError.isInstance(error) ? error.code : String(error)),
      );
    expect(await codeOfUse({ ...random, sha256: model.sha256 })).toBe("corrupt-file");
    expect(await codeOfUse({ ...random, path: join(directory, "nowhere.gguf") })).toBe("not-found");
    expect(await codeOfUse({ ...random, path: model.path, sha256: model.sha256 })).toBe("incompatible");
    expect(await codeOfUse(await writeAdapter("other-base.gguf", { baseSha256: random.sha256 }))).toBe("incompatible");
    expect(await codeOfUse(await writeAdapter("other-shape.gguf", { features: 48 }))).toBe("incompatible");
    expect(await codeOfUse(await writeAdapter("zero.gguf", { version: 3 }))).toBe("conflict");
    expect(policy.identity()).toMatchObject({ version: 2, adapterSha256: random.sha256 });
    expect(await difference()).toBe(changed);
    await policy.useAdapter(null);
    expect(await difference()).toBe(0);
  });

  it("hands over to a new process after some adapters, and goes on with the right one", async () => {
    const small = await open({ slots: 1, swapsPerProcess: 2 });
    const seen: number[][] = [];
    const pids = new Set<number>();
    for (let swap = 0; swap < 5; swap++) {
      await small.useAdapter(await writeAdapter(`swap-${swap}.gguf`, { version: 1 + (swap % 2) }));
      pids.add(small.pid);
      seen.push(await distributionAfter(small, prompt, everyToken.slice(0, 10)));
    }
    expect(pids.size).toBe(3);
    expect(small.metrics().restarts).toBe(0);
    await small.close();
    expect(seen[1]).not.toEqual(seen[0]);
    expect(seen).toEqual([seen[0], seen[1], seen[0], seen[1], seen[0]]);
  });
});
