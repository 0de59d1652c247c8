import { execFileSync } from "node:child_process";
import { link, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng, policyVersion, sha256OfFile } from "@litmus/core";
import type { AdapterReference, Sha256 } from "@litmus/core";
import { writeLoraAdapter } from "@litmus/models";
import { describeTokenPolicy } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLlamaCppPolicy } from "./llama-cpp-policy.ts";
import type { LlamaCppPolicy } from "./llama-cpp-policy.ts";
import { chiSquareTest } from "./testing/chi-square-test.ts";
import { distributionAfter, drawMany, requestFor, valueOf } from "./testing/sampling.ts";

const modelPath = process.env["LITMUS_TEST_MODEL_F16"] ?? "";
const kernels = process.env["LITMUS_TEST_KERNELS"] ?? null;

describe.skipIf(modelPath === "")("llama.cpp policy with Gemma 3 270M", () => {
  let directory: string;
  let modelSha256: Sha256;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "litmus-gemma-"));
    modelSha256 = await sha256OfFile(modelPath);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const open = (changes: object = {}): Promise<LlamaCppPolicy> =>
    createLlamaCppPolicy({ modelPath, modelSha256, contextTokens: 512, slots: 16, kernels, ...changes });

  /** Of rank 16, on the first linear layer of every feed-forward network. */
  async function writeAdapter(name: string, version: number, scale: number): Promise<AdapterReference> {
    const [rank, inFeatures, outFeatures] = [16, 640, 2048];
    const rng = createRng(`adapter ${version}`);
    const random = (length: number, size: number): Float32Array =>
      Float32Array.from({ length }, () => size * (rng.uniform() - 0.5));
    const tensors = Array.from({ length: 18 }, (_, layer) => ({
      name: `blk.${layer}.ffn_gate.weight`,
      a: random(rank * inFeatures, 0.1),
      b: random(outFeatures * rank, scale),
      inFeatures,
      outFeatures,
    }));
    const head = { architecture: "gemma3", alpha: 16, rank, baseSha256: modelSha256, parentSha256: null };
    const path = join(directory, name);
    const written = await writeLoraAdapter(path, { ...head, version: policyVersion(version), tensors });
    return { version: policyVersion(version), path, sha256: written.sha256 };
  }

  describeTokenPolicy("llama.cpp with Gemma 3 270M", async () => ({
    policy: await open(),
    adapters: [await writeAdapter("one.gguf", 1, 0.1), await writeAdapter("two.gguf", 2, 0.1)],
    logProbTolerance: 0.02,
  }));

  describe("in one process", () => {
    let policy: LlamaCppPolicy;
    let prompt: readonly number[];
    beforeAll(async () => {
      policy = await open();
      const text = "Question: What protein is encoded by the GRN gene?\nAnswer: The GRN gene encodes";
      prompt = [policy.tokenizer.special.beginOfSequence, ...policy.tokenizer.encode(text)];
    });
    afterAll(() => policy.close());

    it("splits text into the ids of Gemma's tokenizer", () => {
      const { tokenizer } = policy;
      expect(tokenizer).toMatchObject({ vocabularySize: 262_144, special: { beginOfSequence: 2, endOfSequence: 1 } });
      expect(tokenizer.special).toMatchObject({ endOfTurn: 106, startOfTurn: 105 });
      expect(prompt.slice(1, 4).map((token) => tokenizer.decode([token]))).toEqual(["Question", ":", " What"]);
    });

    it("draws as its teacher-forced probabilities say", async () => {
      const { tokenizer } = policy;
      const context = [2, ...tokenizer.encode("Random digits: 7, 2, 9, 4, 1, 8, 3, 0, 5, ")];
      const digits = Array.from("0123456789", (digit) => tokenizer.encode(digit)[0] as number);
      const probabilities = (await distributionAfter(policy, context, digits)).map((logProb) => Math.exp(logProb));
      const draws = 400;
      const counts = await drawMany(policy, context, { draws, temperature: 1, players: 16 });
      const ofDigits = digits.map((token) => counts[token] ?? 0);
      const rest = (values: readonly number[], total: number): number =>
        values.reduce((left, value) => left - value, total);
      const cells = [...ofDigits, rest(ofDigits, draws)];
      const result = chiSquareTest(cells, [...probabilities, rest(probabilities, 1)]);
      expect(result.degreesOfFreedom).toBeGreaterThanOrEqual(9);
      expect(result.pValue).toBeGreaterThan(0.001);
    });

    it("scores what it sampled to within 2e-3 on average, beside other episodes and after a long context", async () => {
      const abstract = "Progranulin is a secreted growth factor that regulates lysosomal function and inflammation. ";
      const context = [...prompt, ...policy.tokenizer.encode(abstract.repeat(12))];
      const play = async (
        seed: number,
      ): Promise<{ tokens: number[]; positions: number[]; logProbs: readonly number[] }> => {
        const request = requestFor(context, { seed, maxTokens: 12, sharedPrefixLength: context.length - 1 });
        const { tokens, logProbs } = valueOf(await policy.sample(request));
        policy.release(request.episodeId);
        return { tokens: [...context, ...tokens], positions: tokens.map((_, i) => context.length + i), logProbs };
      };
      const episodes = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(play));
      const scores = valueOf(await policy.score(episodes));
      const differences = episodes.flatMap(({ logProbs }, i) =>
        logProbs.map((logProb, k) => Math.abs(logProb - (scores[i]?.[k] ?? NaN))),
      );
      expect(differences.length).toBeGreaterThan(60);
      expect(differences.reduce((sum, difference) => sum + difference, 0) / differences.length).toBeLessThan(2e-3);
      expect(Math.max(...differences)).toBeLessThan(0.05);
    });

    it("does not change with an adapter that adds nothing, and does with another", async () => {
      const tokens = [496, 506, 531, 600, 236787];
      // In a context as fresh as those with an adapter: the order of evaluation changes the last bits.
      await policy.useAdapter(null);
      const base = await distributionAfter(policy, prompt, tokens);
      const difference = async (): Promise<number> =>
        Math.max(
          ...(await distributionAfter(policy, prompt, tokens)).map((logProb, i) =>
            Math.abs(logProb - (base[i] ?? NaN)),
          ),
        );
      await policy.useAdapter(await writeAdapter("zero.gguf", 1, 0));
      expect(await difference()).toBeLessThan(1e-4);
      await policy.useAdapter(await writeAdapter("random.gguf", 2, 0.1));
      expect(await difference()).toBeGreaterThan(0.01);
      await policy.useAdapter(null);
    });
  });

  it("keeps its memory over 50 adapters", async () => {
    const policy = await open({ slots: 1, keptPrefixes: 0, contextTokens: 64, batchTokens: 16, swapsPerProcess: 16 });
    const first = await writeAdapter("version-0.gguf", 0, 0.1);
    const megabytes: number[] = [];
    for (let version = 1; version <= 50; version++) {
      const path = join(directory, `version-${version}.gguf`);
      await link(first.path, path);
      await policy.useAdapter({ ...first, version: policyVersion(version), path });
      const kilobytes = Number(execFileSync("ps", ["-o", "rss=", "-p", String(policy.pid)], { encoding: "utf8" }));
      megabytes.push(kilobytes / 1000);
    }
    await policy.close();
    expect(Math.max(...megabytes.slice(16)) - Math.max(...megabytes.slice(0, 16))).toBeLessThan(80);
  });
});
