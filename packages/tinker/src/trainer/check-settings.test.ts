import { sha256 } from "@litmus/core";
import type { OptimizerSettings } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { openFakeService } from "../testing/index.ts";
import { serverTraits } from "../service/server-traits.ts";
import { checkTinkerLora, checkTinkerLoss, checkTinkerOptimizer } from "./check-settings.ts";
import { createTinkerTrainer } from "./tinker-trainer.ts";

const settings: OptimizerSettings = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: 1,
};
const { skyrl, hosted } = serverTraits;
const refusalOf = (path: string) => expect.objectContaining({ code: "invalid-config", path });

describe("what a server cannot carry", () => {
  it("is an entropy bonus, in any loss that has one", () => {
    const ratio = { clipLow: 0.2, clipHigh: 0.2, truncation: null, kl: null, entropyBonus: 0.01 };
    for (const loss of [
      { type: "ppo", dualClip: null, ...ratio },
      { type: "cispo", ...ratio },
    ] as const) {
      expect(() => checkTinkerLoss(loss)).toThrow(refusalOf("entropyBonus"));
      expect(() =>
        checkTinkerLoss({ ...loss, entropyBonus: 0, kl: { estimator: "k3", coefficient: 1 } }),
      ).not.toThrow();
    }
    expect(() => checkTinkerLoss({ type: "cross_entropy" })).not.toThrow();
  });

  it("is a bound of the gradient's norm where it would be dropped without a word", () => {
    expect(() => checkTinkerOptimizer(settings, skyrl, "refuse")).toThrow(refusalOf("maxGradientNorm"));
    expect(() => checkTinkerOptimizer(settings, skyrl, "stop-above")).not.toThrow();
    expect(() => checkTinkerOptimizer({ ...settings, maxGradientNorm: Infinity }, skyrl, "refuse")).not.toThrow();
    expect(() => checkTinkerOptimizer(settings, hosted, "refuse")).not.toThrow();
    for (const maxGradientNorm of [0, -1, NaN]) {
      expect(() => checkTinkerOptimizer({ ...settings, maxGradientNorm }, hosted, "refuse")).toThrow(
        refusalOf("maxGradientNorm"),
      );
    }
  });

  it("is a number that JSON has no form for", () => {
    expect(() => checkTinkerOptimizer({ ...settings, learningRate: NaN }, hosted, "refuse")).toThrow(
      refusalOf("learningRate"),
    );
  });

  it("is a rank of 0, which would train every weight", () => {
    for (const rank of [0, -1, 1.5]) expect(() => checkTinkerLora({ rank, seed: 0 })).toThrow(refusalOf("lora.rank"));
    expect(() => checkTinkerLora({ rank: 1, seed: -1 })).toThrow(refusalOf("lora.seed"));
  });
});

describe("a trainer", () => {
  const lesson = {
    id: "lesson",
    tokens: [256, 65, 66],
    positions: [2],
    weights: [100],
    advantages: [1],
    behaviourLogProbs: null,
    oldLogProbs: null,
    referenceLogProbs: null,
  };
  const options = { baseSha256: sha256("tiny"), lora: { rank: 4, seed: 7 } };

  it("sends nothing of what it refuses, and keeps its gradient", async () => {
    const { server, service } = await openFakeService();
    const trainer = await createTinkerTrainer(service, options);
    await trainer.forwardBackward([lesson], { type: "cross_entropy" });
    const before = server.calls.length;
    await expect(trainer.optimizerStep(settings)).rejects.toMatchObject({ code: "invalid-config" });
    expect(server.calls).toHaveLength(before);
    expect((await trainer.optimizerStep({ ...settings, maxGradientNorm: Infinity })).gradientNorm).toBeGreaterThan(1);
  });

  it("stops after a step whose norm is above an alarm's bound, and says that it was taken", async () => {
    const { server, service } = await openFakeService();
    const trainer = await createTinkerTrainer(service, { ...options, unclippedNorm: "stop-above" });
    await trainer.forwardBackward([lesson], { type: "cross_entropy" });
    await expect(trainer.optimizerStep(settings)).rejects.toMatchObject({
      code: "gate-failed",
      path: "maxGradientNorm",
    });
    expect(server.steps).toEqual([1]);
    await expect(trainer.forward([lesson])).rejects.toMatchObject({ code: "conflict" });
  });

  it("lets a server that can clip the gradient: its step is then smaller in the moments", async () => {
    const learned = async (maxGradientNorm: number): Promise<number> => {
      const { service } = await openFakeService({ server: "hosted" });
      const trainer = await createTinkerTrainer(service, options);
      await trainer.forwardBackward([lesson], { type: "cross_entropy" });
      // With a large epsilon the step grows with the gradient.
      await trainer.optimizerStep({ ...settings, epsilon: 10, maxGradientNorm });
      return (await trainer.forward([lesson]))[0]![0]!;
    };
    const [clipped, free] = [await learned(0.01), await learned(Infinity)];
    expect(free).toBeGreaterThan(clipped);
  });

  it("refuses a rank above the server's when the model is made, with the server's reason", async () => {
    const { service } = await openFakeService({ maxRank: 8 });
    await expect(createTinkerTrainer(service, { ...options, lora: { rank: 16, seed: 0 } })).rejects.toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("rank 16 is above 8"),
    });
  });
});
