import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Datum, LossSpec, OptimizerSettings, Trainer } from "@litmus/core";
import { writeTinyGemma3 } from "@litmus/models";
import { describeTrainer } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loraTargets } from "./block/lora-targets.ts";
import { createLocalTrainer } from "./local-trainer.ts";
import type { LocalTrainerOptions } from "./local-trainer.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litmus-local-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function tinyOptions(seed = 1): Promise<LocalTrainerOptions> {
  const { path, sha256 } = await writeTinyGemma3(join(directory, `tiny-${seed}.gguf`), { seed });
  return {
    modelPath: path,
    baseSha256: sha256,
    lora: { rank: 2, alpha: 4, targets: loraTargets, seed: 1 },
    threads: 1,
    lengths: [32, 64],
  };
}

const open = async (changes: Partial<LocalTrainerOptions> = {}): Promise<Trainer> =>
  createLocalTrainer({ ...(await tinyOptions()), ...changes });

describeTrainer("local", { open, openOtherBase: async () => createLocalTrainer(await tinyOptions(2)) });

const settings: OptimizerSettings = {
  learningRate: 0.02,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: 10,
};
const datum = (id: string, tokens: readonly number[]): Datum => ({
  id,
  tokens,
  positions: [2, 3],
  weights: [0.5, 0.5],
  advantages: [1, 1],
  behaviourLogProbs: null,
  oldLogProbs: null,
  referenceLogProbs: null,
});
const data = [datum("a", [2, 50, 51, 52]), datum("b", [2, 60, 61, 62, 63])];
const crossEntropy: LossSpec = { type: "cross_entropy" };

describe("local trainer", () => {
  it("teaches what it is taught", async () => {
    const trainer = await open();
    const first = await trainer.forwardBackward(data, crossEntropy);
    for (let update = 0; update < 15; update++) {
      await trainer.optimizerStep(settings);
      await trainer.forwardBackward(data, crossEntropy);
    }
    const [logProbs] = await trainer.forward(data);
    expect(Math.min(...logProbs!)).toBeGreaterThan(Math.min(...first.logProbs[0]!) + 1);
    await trainer.close();
  });

  it("moves probability towards positive advantages and away from negative ones", async () => {
    const trainer = await open();
    const [before] = await trainer.forward([data[0]!]);
    const judged = { ...data[0]!, advantages: [1, -1], behaviourLogProbs: before! };
    await trainer.forwardBackward([judged], {
      type: "ppo",
      clipLow: 0.2,
      clipHigh: 0.2,
      dualClip: null,
      truncation: 2,
      kl: null,
      entropyBonus: 0,
    });
    await trainer.optimizerStep(settings);
    const [after] = await trainer.forward([data[0]!]);
    expect(after![0]).toBeGreaterThan(before![0]!);
    expect(after![1]).toBeLessThan(before![1]!);
    await trainer.close();
  });

  it("adds gradients: a batch in two calls is the batch in one", async () => {
    const [whole, parts] = [await open(), await open()];
    await whole.forwardBackward(data, crossEntropy);
    for (const one of data) await parts.forwardBackward([one], crossEntropy);
    const [expected, found] = [await whole.optimizerStep(settings), await parts.optimizerStep(settings)];
    expect(found.gradientNorm).toBeCloseTo(expected.gradientNorm, 5);
    await Promise.all([whole.close(), parts.close()]);
  });

  it("begins as the base model: a fresh adapter changes nothing, whatever its seed", async () => {
    const [one, other] = [await open(), await open({ lora: { ...(await tinyOptions()).lora, seed: 9 } })];
    expect(await other.forward(data)).toEqual(await one.forward(data));
    await Promise.all([one.close(), other.close()]);
  });

  it("answers calls one after another, however they come", async () => {
    const trainer = await open();
    const [a, b] = await Promise.all([trainer.forward([data[0]!]), trainer.forward([data[1]!])]);
    expect(await trainer.forward([data[0]!])).toEqual(a);
    expect(await trainer.forward([data[1]!])).toEqual(b);
    await trainer.close();
  });

  it("refuses tokens outside the vocabulary and sequences longer than the longest row, before it computes", async () => {
    const trainer = await open();
    await expect(trainer.forward([datum("x", [2, 50, 51, 128])])).rejects.toMatchObject({
      code: "invalid-input",
      message: /token 128/,
    });
    const long = {
      ...datum(
        "y",
        Array.from({ length: 66 }, () => 50),
      ),
      positions: [2, 65],
    };
    await expect(trainer.forward([long])).rejects.toMatchObject({ code: "invalid-input", hint: /lengths/ });
    expect(await trainer.forward([{ ...long, positions: [2, 64] }])).toHaveLength(1);
    await trainer.close();
  });

  it("refuses the state of an adapter with another rank, alpha or targets", async () => {
    const { lora } = await tinyOptions();
    const trainer = await open();
    for (const change of [{ rank: 3 }, { alpha: 8 }, { targets: ["attn_q"] as const }]) {
      const other = await open({ lora: { ...lora, ...change } });
      const saved = await other.save({
        directory: join(directory, JSON.stringify(change)),
        version: 1 as never,
        parentSha256: null,
      });
      await expect(trainer.load(saved)).rejects.toMatchObject({ code: "incompatible" });
      await other.close();
    }
    await trainer.close();
  });

  it.each([
    [{ lengths: [] }],
    [{ lengths: [64, 32] }],
    [{ lengths: [16, 32, 64, 128] }],
    [{ lengths: [0.5] }],
    [{ threads: 0 }],
    [{ lora: { rank: 0, alpha: 1, targets: loraTargets, seed: 1 } }],
    [{ lora: { rank: 1, alpha: 0, targets: loraTargets, seed: 1 } }],
    [{ lora: { rank: 1, alpha: 1, targets: [], seed: 1 } }],
    [{ lora: { rank: 1, alpha: 1, targets: ["attn_q", "attn_q"] as const, seed: 1 } }],
  ])("refuses the settings %j", async (change) => {
    await expect(open(change)).rejects.toMatchObject({ code: "invalid-config" });
  });
});
