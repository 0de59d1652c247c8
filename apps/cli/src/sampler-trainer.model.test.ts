import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRng,
  policyVersion,
  sha256OfFile,
  type Datum,
  type Sha256,
  type TokenPolicy,
  type Trainer,
} from "@litmus/core";
import { createLlamaCppPolicy } from "@litmus/policy";
import { createTrainerProcess } from "@litmus/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/**
 * @file The trainer's log-probabilities against the sampler's, on the same weights: what policy gradients rest on; 5,000 tokens in all.
 * ggml rounds activations to F16 and sums the weights of the softmax in f32, the trainer does neither: 2.2e-3 nats a token
 * in the mean, and a bias of up to 6e-4, were measured; a bug in a mask, a norm or a scale is orders larger.
 */

const model = process.env["LITMUS_TEST_MODEL_F16"];
/** A machine that does other work at the same time samples many times slower. */
const patienceMs = 900_000;
const maxMeanAbsoluteNats = 3e-3;
const maxMeanSignedNats = 8e-4;
const lengths = [64, 512, 513, 1100];
const sequencesOfLength: Readonly<Record<number, number>> = { 64: 10, 512: 1, 513: 1, 1100: 1 };

describe.skipIf(model === undefined)("trainer against sampler, F16", () => {
  let directory: string;
  let policy: TokenPolicy;
  let trainer: Trainer;
  let baseSha256: Sha256;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "litmus-parity-"));
    const modelPath = model as string;
    baseSha256 = await sha256OfFile(modelPath);
    policy = await createLlamaCppPolicy({
      modelPath,
      modelSha256: baseSha256,
      contextTokens: 1200,
      slots: 4,
      threads: 2,
    });
    trainer = await createTrainerProcess({
      modelPath,
      baseSha256,
      lora: {
        rank: 8,
        alpha: 16,
        targets: ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"],
        seed: 3,
      },
      threads: 2,
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
    await trainer.forwardBackward([datum(sequence(64, 99))], { type: "cross_entropy" });
    // A large first step of AdamW moves every B by about the learning rate: a random adapter that changes the policy.
    await trainer.optimizerStep({
      learningRate: 2e-3,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      maxGradientNorm: 1,
    });
    const before = await scores([sequence(64, 1)]);
    const state = await trainer.save({ directory, version: policyVersion(1), parentSha256: null });
    await policy.useAdapter({ version: state.version, path: state.adapterPath, sha256: state.adapterSha256 });
    const after = await scores([sequence(64, 1)]);
    expect(meanAbsolute(before.flat(), after.flat())).toBeGreaterThan(0.05);
    await expectAgreement();
  });

  async function expectAgreement(): Promise<void> {
    const sequences = lengths.flatMap((length) =>
      Array.from({ length: sequencesOfLength[length] ?? 1 }, (_, i) => sequence(length, i)),
    );
    const sampler = (await scores(sequences)).flat();
    const ours = (await trainer.forward(sequences.map(datum))).flat();
    expect(sampler.length).toBeGreaterThanOrEqual(2500);
    const signed = ours.reduce((sum, value, i) => sum + value - (sampler[i] ?? Number.NaN), 0) / ours.length;
    expect(meanAbsolute(ours, sampler)).toBeLessThanOrEqual(maxMeanAbsoluteNats);
    expect(Math.abs(signed)).toBeLessThanOrEqual(maxMeanSignedNats);
  }

  async function scores(sequences: readonly (readonly number[])[]): Promise<readonly (readonly number[])[]> {
    const outcome = await policy.score(sequences.map((tokens) => ({ tokens, positions: everyPosition(tokens) })));
    if (!outcome.ok) throw new Error(outcome.failure.message);
    return outcome.value;
  }

  /** Words of a small self-written text in a random order: neither noise nor a passage. */
  function sequence(length: number, seed: number): number[] {
    const { tokenizer } = policy;
    const pieces = text.split(". ").map((piece) => tokenizer.encode(` ${piece}.`));
    const rng = createRng(`parity:${length}:${seed}`);
    const tokens = [tokenizer.special.beginOfSequence];
    while (tokens.length < length) tokens.push(...(pieces[rng.integer(pieces.length)] as number[]));
    return tokens.slice(0, length);
  }
});

const text =
  "Iron is carried in the blood by transferrin. The kidney makes erythropoietin when oxygen falls. Rods and cones turn light into signals. " +
  "A motor neuron releases acetylcholine at the muscle. Bile salts help to take up fat. The spleen removes old red cells. " +
  "Vitamin C is needed to make collagen. Surfactant keeps the smallest airways open. Insulin lowers the sugar of the blood. " +
  "The cochlea turns sound into nerve impulses. Platelets close a small wound first. Thyroid hormone sets the pace of metabolism. ";

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
  };
}

function meanAbsolute(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? Number.NaN)), 0) / a.length;
}
