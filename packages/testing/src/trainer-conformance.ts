import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { LitmusError, policyVersion, sha256, sha256OfFile } from "@litmus/core";
import type { Datum, ErrorCode, OptimizerSettings, SavedState, Sha256, Trainer } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** How the suite makes trainers; a vocabulary of 128 and rows of 64 tokens are enough. */
export interface TrainerMaker {
  /** A fresh trainer; equal calls give equal trainers. The suite closes it. */
  readonly open: () => Promise<Trainer>;
  /** A fresh trainer of another base model. */
  readonly openOtherBase: () => Promise<Trainer>;
  /** Bound of the gradient's norm, 1 where none is named; Infinity for a trainer that does not clip a base whose gradients are large. */
  readonly maxGradientNorm?: number;
}

const defaults: OptimizerSettings = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
  maxGradientNorm: 1,
};

const taught: Datum = {
  id: "taught",
  tokens: [2, 40, 41, 42, 43, 44, 45, 46],
  positions: [3, 4, 7],
  weights: [0.5, 0.25, 0.125],
  advantages: [1, 1, 1],
  behaviourLogProbs: null,
  oldLogProbs: null,
  referenceLogProbs: null,
};

/** Differs with the number: what is learned at each update. */
const lesson = (number: number): Datum => ({
  ...taught,
  id: `lesson-${number}`,
  tokens: taught.tokens.map((token, i) => (i === 0 ? token : token + number)),
});

const broken: readonly (readonly [string, Partial<Datum>])[] = [
  ["no policy tokens", { positions: [], weights: [], advantages: [] }],
  ["the first token as a policy token", { positions: [0, 3, 4] }],
  ["positions out of order", { positions: [4, 3, 7] }],
  ["a position twice", { positions: [3, 3, 7] }],
  ["a position beyond the tokens", { positions: [3, 4, 8] }],
  ["too few weights", { weights: [1, 1] }],
  ["too many advantages", { advantages: [1, 1, 1, 1] }],
  ["a weight that is not a number", { weights: [1, NaN, 1] }],
  ["too few log-probabilities of the sampler", { behaviourLogProbs: [-1, -1] }],
  ["a token that is no integer", { tokens: taught.tokens.map((token) => token + 0.5) }],
];

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | "resolved" | "untyped"> {
  return promise.then(
    () => "resolved",
    (error: unknown) => (LitmusError.isInstance(error) ? error.code : "untyped"),
  );
}

/** What every trainer promises. */
export function describeTrainer(name: string, maker: TrainerMaker): void {
  describe(`trainer: ${name}`, () => {
    let root = "";
    let trainer: Trainer;
    let folders = 0;
    const opened: Trainer[] = [];
    const openAnother = async (open = maker.open): Promise<Trainer> => {
      const another = await open();
      opened.push(another);
      return another;
    };
    const save = (from: Trainer, version = 1, parentSha256: Sha256 | null = null): Promise<SavedState> =>
      from.save({ directory: join(root, `${folders++}`), version: policyVersion(version), parentSha256 });
    const hashesOf = (saved: SavedState): readonly string[] => [saved.adapterSha256, saved.optimizerSha256];
    const settings = { ...defaults, maxGradientNorm: maker.maxGradientNorm ?? defaults.maxGradientNorm };
    const learn = async (learner: Trainer, lessons: readonly number[]): Promise<void> => {
      for (const number of lessons) {
        await learner.forwardBackward([lesson(number), taught], { type: "cross_entropy" });
        await learner.optimizerStep(settings);
      }
    };

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), "litmus-trainer-"));
      trainer = await openAnother();
    });
    afterAll(async () => {
      for (const one of opened) await one.close();
      await rm(root, { recursive: true, force: true });
    });

    it("gives one finite, negative log-probability for every policy token, and changes nothing by it", async () => {
      const before = await save(trainer);
      const logProbs = await trainer.forward([taught, lesson(5)]);
      expect(logProbs.map((one) => one.length)).toEqual([3, 3]);
      for (const logProb of logProbs.flat()) expect(logProb < 0 && Number.isFinite(logProb)).toBe(true);
      expect(await trainer.forward([taught, lesson(5)])).toEqual(logProbs);
      expect(hashesOf(await save(trainer))).toEqual(hashesOf(before));
    });

    it("returns with the gradient the log-probabilities of the forward pass, entropies and the loss made of them", async () => {
      const another = await openAnother();
      const [logProbs] = await another.forward([taught]);
      const result = await another.forwardBackward([taught], { type: "cross_entropy" });
      expect(result.logProbs).toEqual([logProbs]);
      expect(result.entropies[0]).toHaveLength(3);
      for (const entropy of result.entropies.flat()) expect(entropy).toBeGreaterThanOrEqual(0);
      const expected = logProbs!.reduce((sum, logProb, i) => sum - taught.weights[i]! * logProb, 0);
      expect(result.loss).toBeCloseTo(expected, 9);
      expect(result.clipFraction).toBe(0);
    });

    it("counts the clipped share of policy tokens", async () => {
      const another = await openAnother();
      const [logProbs] = await another.forward([taught]);
      const old = logProbs!.map((logProb, i) => logProb - (i === 0 ? 1 : 0));
      const loss = {
        type: "ppo",
        clipLow: 0.2,
        clipHigh: 0.2,
        truncation: null,
        dualClip: null,
        kl: null,
        entropyBonus: 0,
      } as const;
      const result = await another.forwardBackward([{ ...taught, oldLogProbs: old }], loss);
      expect(result.clipFraction).toBeCloseTo(1 / 3, 9);
    });

    it.each(broken)("refuses %s, and goes on as if it had not been asked", async (_, change) => {
      const datum = { ...taught, ...change };
      const before = await save(trainer);
      expect(await codeOf(trainer.forwardBackward([taught, datum], { type: "cross_entropy" }))).toBe("invalid-input");
      expect(await codeOf(trainer.forward([datum]))).toBe("invalid-input");
      expect(hashesOf(await save(trainer))).toEqual(hashesOf(before));
    });

    it("refuses a loss that needs the sampler's log-probabilities where they are not known", async () => {
      expect(
        await codeOf(trainer.forwardBackward([taught], { type: "importance_sampling", kl: null, entropyBonus: 0 })),
      ).toBe("invalid-input");
    });

    it("learns nothing before the optimiser step, and something by it", async () => {
      const another = await openAnother();
      const before = await save(another);
      await another.forwardBackward([taught], { type: "cross_entropy" });
      expect(hashesOf(await save(another))).toEqual(hashesOf(before));
      const step = await another.optimizerStep(settings);
      expect(step.applied).toBe(true);
      expect(step.gradientNorm).toBeGreaterThan(0);
      const after = await save(another);
      expect(after.adapterSha256).not.toBe(before.adapterSha256);
      expect(after.updates).toBe(1);
    });

    it("gives the log-probabilities of another adapter and of the base, and keeps its own state", async () => {
      const another = await openAnother();
      const base = await another.forward([taught]);
      await learn(another, [1]);
      const [saved, learned] = [await save(another, 1), await another.forward([taught])];
      await learn(another, [2, 3]);
      const before = await save(another, 3);
      expect(await another.forward([taught], null)).toEqual(base);
      expect(await another.forward([taught], saved)).toEqual(learned);
      expect(hashesOf(await save(another, 3))).toEqual(hashesOf(before));
      const foreign = await openAnother(maker.openOtherBase);
      expect(await codeOf(foreign.forward([taught], saved))).toBe("incompatible");
      const missing = { ...saved, adapterPath: join(root, "nowhere") };
      expect(await codeOf(another.forward([taught], missing))).toBe("not-found");
    });

    it("adopts the weights of an adapter, with an optimiser that starts anew", async () => {
      const [teacher, another] = [await openAnother(), await openAnother()];
      await learn(teacher, [1, 2]);
      const saved = await save(teacher, 2);
      await learn(another, [3]);
      await another.forwardBackward([taught], { type: "cross_entropy" });
      await another.adopt(saved);
      expect(await another.forward([taught], saved)).toEqual(await another.forward([taught]));
      expect((await save(another, 1)).updates).toBe(0);
      expect((await another.optimizerStep(settings)).gradientNorm).toBe(0);
      const foreign = await openAnother(maker.openOtherBase);
      expect(await codeOf(foreign.adopt(saved))).toBe("incompatible");
      expect(await codeOf(another.adopt({ ...saved, adapterSha256: sha256("other") }))).toBe("corrupt-file");
    });

    it("clears the gradient with the step", async () => {
      const another = await openAnother();
      await learn(another, [1]);
      expect((await another.optimizerStep(settings)).gradientNorm).toBe(0);
    });

    it("saves whole, hashed files that carry the version in their names, and equal states as equal bytes", async () => {
      const saved = await save(trainer, 7);
      expect(saved.version).toBe(7);
      for (const path of [saved.adapterPath, saved.optimizerPath]) expect(basename(path)).toContain("v0007");
      expect(await sha256OfFile(saved.adapterPath)).toBe(saved.adapterSha256);
      expect(await sha256OfFile(saved.optimizerPath)).toBe(saved.optimizerSha256);
      expect(hashesOf(await save(trainer, 7))).toEqual(hashesOf(saved));
    });

    it("writes the parent into the adapter", async () => {
      const parent = sha256("some parent");
      const [orphan, child] = [await save(trainer, 2), await save(trainer, 2, parent)];
      expect(child.adapterSha256).not.toBe(orphan.adapterSha256);
      expect((await readFile(child.adapterPath)).includes(parent)).toBe(true);
    });

    it("is equal to the bit when the same is learned twice, and when it is interrupted by saving and loading", async () => {
      const [unbroken, again, first, second] = [
        await openAnother(),
        await openAnother(),
        await openAnother(),
        await openAnother(),
      ];
      await learn(unbroken, [1, 2, 3, 4]);
      await learn(again, [1, 2, 3, 4]);
      await learn(first, [1, 2]);
      const middle = await save(first, 2);
      await learn(second, [9]);
      await second.load(middle);
      await learn(second, [3, 4]);
      const expected = await save(unbroken, 4);
      expect(expected.updates).toBe(4);
      expect(hashesOf(await save(again, 4))).toEqual(hashesOf(expected));
      expect(hashesOf(await save(second, 4))).toEqual(hashesOf(expected));
    });

    it("forgets a gradient under way when it loads", async () => {
      const another = await openAnother();
      const start = await save(another);
      await another.forwardBackward([taught], { type: "cross_entropy" });
      await another.load(start);
      expect((await another.optimizerStep(settings)).gradientNorm).toBe(0);
    });

    it("refuses damaged, missing and foreign files, and keeps its state", async () => {
      const another = await openAnother();
      await learn(another, [1]);
      const saved = await save(another);
      const damaged = join(root, "damaged");
      await writeFile(damaged, (await readFile(saved.adapterPath)).subarray(0, -1));
      expect(await codeOf(another.load({ ...saved, adapterPath: damaged }))).toBe("corrupt-file");
      expect(await codeOf(another.load({ ...saved, adapterSha256: sha256("another") }))).toBe("corrupt-file");
      expect(await codeOf(another.load({ ...saved, optimizerSha256: sha256("another") }))).toBe("corrupt-file");
      expect(await codeOf(another.load({ ...saved, adapterPath: join(root, "nowhere") }))).toBe("not-found");
      const other = await openAnother(maker.openOtherBase);
      expect(await codeOf(another.load(await save(other)))).toBe("incompatible");
      expect(hashesOf(await save(another))).toEqual(hashesOf(saved));
    });

    it("refuses an optimiser state that belongs to another adapter", async () => {
      const another = await openAnother();
      const early = await save(another, 1);
      await learn(another, [1]);
      const late = await save(another, 2);
      const mixed = { ...late, optimizerPath: early.optimizerPath, optimizerSha256: early.optimizerSha256 };
      expect(await codeOf(another.load(mixed))).toBe("incompatible");
    });
  });
}
