import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { policyVersion, sha256OfFile, type Datum, type Sha256, type TokenPolicy, type Trainer } from "@litmus/core";
import { createLlamaCppPolicy } from "@litmus/policy";
import { createTrainerProcess } from "@litmus/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/**
 * @file The trainer's log-probabilities against the sampler's, on the same weights: what policy gradients rest on.
 * 5,000 tokens of litmus-mini in all, half of them with an adapter. ggml rounds activations to F16, which the trainer does
 * not: noise of either sign. The binding sums the weights of the softmax in f32, where the smallest are lost: 1.5e-4 to
 * 1.9e-4 nats were measured. A bug in a mask, a norm or a scale is orders larger.
 */

const model = process.env["LITMUS_TEST_MODEL_F16"];
const kernels = process.env["LITMUS_TEST_KERNELS"] ?? null;
/** Each side has one thread, so that a test beside this one has the other core; two would wait for each other. */
const patienceMs = 900_000;
/** Or 1.5 times what the sampler differs from itself in other batches. */
const maxMeanAbsoluteNats = 2e-3;
const maxMeanSignedNats = 3e-4;
const lengths = [...Array.from({ length: 8 }, () => 64), 512, 513, 1100];
/** Sequences of 64 tokens that are scored again. */
const repeated = 4;

describe.skipIf(model === undefined)("trainer against sampler, F16", () => {
  let directory: string;
  let policy: TokenPolicy;
  let trainer: Trainer;
  let baseSha256: Sha256;
  let sequences: readonly (readonly number[])[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "litmus-parity-"));
    const modelPath = model as string;
    baseSha256 = await sha256OfFile(modelPath);
    policy = await createLlamaCppPolicy({
      modelPath,
      modelSha256: baseSha256,
      contextTokens: 1200,
      slots: 4,
      threads: 1,
      kernels,
    });
    sequences = cut(policy.tokenizer.encode(await readText()), policy.tokenizer.special.beginOfSequence);
    trainer = await createTrainerProcess({
      modelPath,
      baseSha256,
      lora: {
        rank: 8,
        alpha: 16,
        targets: ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"],
        seed: 3,
      },
      threads: 1,
      lengths: [512, 1100],
    });
  });

  afterAll(async () => {
    await trainer.close();
    await policy.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("agrees on the base policy at every length", { timeout: patienceMs }, async () => {
    await expectAgreement();
  });

  it("agrees with a random adapter, as the sampler loads it", { timeout: patienceMs }, async () => {
    const some = sequences.slice(0, 1);
    await trainer.forwardBackward(some.map(datum), { type: "cross_entropy" });
    // The first step of AdamW moves every B by about the learning rate: a random adapter that changes the policy.
    await trainer.optimizerStep({
      learningRate: 1e-3,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      maxGradientNorm: 1,
    });
    const before = await scores(some);
    const state = await trainer.save({ directory, version: policyVersion(1), parentSha256: null });
    await policy.useAdapter({ version: state.version, path: state.adapterPath, sha256: state.adapterSha256 });
    const after = await scores(some);
    expect(meanAbsolute(before.flat(), after.flat())).toBeGreaterThan(0.05);
    await expectAgreement();
  });

  async function expectAgreement(): Promise<void> {
    const sampler = await scores(sequences);
    const inOneBatch = await Promise.all(sequences.slice(0, repeated).map((sequence) => scores([sequence])));
    const noise = meanAbsolute(inOneBatch.flat(2), sampler.slice(0, repeated).flat());
    const theirs = sampler.flat();
    const ours = (await trainer.forward(sequences.map(datum))).flat();
    expect(ours.length).toBeGreaterThanOrEqual(2500);
    const signed = ours.reduce((sum, value, i) => sum + value - (theirs[i] ?? Number.NaN), 0) / ours.length;
    expect(meanAbsolute(ours, theirs)).toBeLessThanOrEqual(Math.max(maxMeanAbsoluteNats, 1.5 * noise));
    expect(Math.abs(signed)).toBeLessThanOrEqual(maxMeanSignedNats);
  }

  async function scores(some: readonly (readonly number[])[]): Promise<readonly (readonly number[])[]> {
    const outcome = await policy.score(some.map((tokens) => ({ tokens, positions: everyPosition(tokens) })));
    if (!outcome.ok) throw new Error(outcome.failure.message);
    return outcome.value;
  }
});

/** One sequence after the other from a text, none of its tokens twice. */
function cut(text: readonly number[], beginOfSequence: number): readonly (readonly number[])[] {
  let from = 0;
  return lengths.map((length) => {
    const start = from;
    from += length - 1;
    return [beginOfSequence, ...text.slice(start, from)];
  });
}

async function readText(): Promise<string> {
  const path = fileURLToPath(new URL("../../../datasets/litmus-mini/corpus.jsonl", import.meta.url));
  const lines = (await readFile(path, "utf8")).trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { abstract: string }).abstract).join(" ");
}

const everyPosition = (tokens: readonly number[]): number[] =>
  Array.from({ length: tokens.length - 1 }, (_, i) => i + 1);

function datum(tokens: readonly number[]): Datum {
  const positions = everyPosition(tokens);
  return {
    id: `parity of ${tokens.length}`,
    tokens,
    positions,
    weights: positions.map(() => 1 / positions.length),
    advantages: positions.map(() => 1),
    behaviourLogProbs: null,
    oldLogProbs: null,
    referenceLogProbs: null,
  };
}

function meanAbsolute(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? Number.NaN)), 0) / a.length;
}
