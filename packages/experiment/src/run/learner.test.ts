import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LitmusError, type Datum } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createScriptedTrainer } from "../../../trainer/src/index.ts";
import { openTinyWorld, type TinyContext, type TinyWorld } from "../testing/build-context.ts";
import { createLearner, type Learner } from "./learner.ts";

let world: TinyWorld;
beforeAll(async () => {
  world = await openTinyWorld();
});
afterAll(() => world.close());

const optimizer = { learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradientNorm: 1 };
const lesson = (step: number): Datum => ({
  id: `lesson-${step}`,
  tokens: [1, 2, step],
  positions: [1, 2],
  weights: [1, 1],
  advantages: [1, 1],
  behaviourLogProbs: null,
  oldLogProbs: null,
  referenceLogProbs: null,
});

/** Learns and publishes the steps of one stage from where it stands. */
async function learn(learner: Learner, steps: number, stage = "sft"): Promise<void> {
  for (let step = learner.stepsDone(stage) + 1; step <= steps; step++) {
    const trainer = await learner.trainer();
    await trainer.forwardBackward([lesson(step)], { type: "cross_entropy" });
    await trainer.optimizerStep(optimizer);
    await learner.publish({ stage, step, metrics: { loss: 1 / step } });
  }
}

async function learned(steps: number): Promise<TinyContext> {
  const context = await world.context();
  await learn(await createLearner(context), steps);
  return context;
}

/** Another process on the same run. */
const restarted = (context: TinyContext): Promise<TinyContext> =>
  world.context({ runId: context.runId, directory: context.directory });
const fileOf = async (context: TinyContext, which: "adapterPath" | "optimizerPath", fromEnd = 1): Promise<string> => {
  const { state } = (await context.store.checkpoints(context.runId)).at(-fromEnd) ?? {};
  return join(context.directory, state?.[which] ?? "");
};
const alarmsOf = (context: TinyContext) => context.events.filter((event) => event.type === "alarm-raised");

describe("the learner", () => {
  it("begins with the base", async () => {
    const context = await world.context();
    const learner = await createLearner(context);
    expect([learner.version(), learner.adapterSha256(), learner.stepsDone("sft")]).toEqual([0, null, 0]);
    expect(context.policy.identity()).toMatchObject({ version: 0, adapterSha256: null });
  });

  it("publishes versions that name their parents without a gap, and samples with the newest", async () => {
    const context = await learned(3);
    const versions = await context.store.policyVersions(context.runId);
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(versions.map(({ parentSha256 }) => parentSha256)).toEqual([
      null,
      versions[0]?.adapter?.sha256,
      versions[1]?.adapter?.sha256,
    ]);
    expect(context.policy.identity()).toMatchObject({ version: 3, adapterSha256: versions[2]?.adapter?.sha256 });
    const checkpoints = await context.store.checkpoints(context.runId);
    expect(checkpoints.map(({ step, state }) => [step, state.updates])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    for (const { adapterPath, optimizerPath } of checkpoints.map(({ state }) => state))
      expect([adapterPath, optimizerPath].every((path) => path.startsWith("adapters"))).toBe(true);
    const adapter: unknown = JSON.parse(await readFile(await fileOf(context, "adapterPath"), "utf8"));
    expect(adapter).toMatchObject({ parentSha256: versions[1]?.adapter?.sha256, version: 3 });
    expect((await context.store.metrics(context.runId)).map(({ step, value }) => [step, value])).toEqual([
      [1, 1],
      [2, 0.5],
      [3, 1 / 3],
    ]);
  });

  it("keeps every adapter and the last two optimiser states", async () => {
    const context = await learned(4);
    const names = (await readdir(join(context.directory, "adapters"))).sort();
    expect(names.filter((name) => name.startsWith("adapter-"))).toHaveLength(4);
    expect(names.filter((name) => name.startsWith("optimizer-")).map((name) => Number(/\d+/.exec(name)))).toEqual([
      3, 4,
    ]);
  });

  it("goes on in another process as if nothing had been", async () => {
    const [whole, broken] = [await learned(4), await learned(2)];
    const again = await restarted(broken);
    const learner = await createLearner(again);
    expect([learner.version(), learner.stepsDone("sft"), again.policy.identity().version]).toEqual([2, 2, 2]);
    await learn(learner, 4);
    const shaOf = async (context: TinyContext) =>
      (await context.store.policyVersions(context.runId)).map(({ adapter }) => adapter?.sha256);
    expect(await shaOf(again)).toEqual(await shaOf(whole));
  });

  it("commits a step that changed nothing under the version it had, and goes on from there", async () => {
    const context = await learned(2);
    const learner = await createLearner(context);
    const before = learner.adapterSha256();
    await learner.commitUnchanged({ stage: "grpo", step: 1, metrics: { reward: 0 } });
    expect([learner.version(), learner.adapterSha256(), learner.stepsDone("grpo")]).toEqual([2, before, 1]);
    expect(await context.store.policyVersions(context.runId)).toHaveLength(2);
    const next = await createLearner(await restarted(context));
    expect([next.version(), next.stepsDone("grpo")]).toEqual([2, 1]);
    await learn(next, 2, "grpo");
    const versions = await context.store.policyVersions(context.runId);
    expect(versions.at(-1)).toMatchObject({ version: 3, parentSha256: before, stage: "grpo", step: 2 });
  });

  it("publishes a first version even if the first step changes nothing", async () => {
    const context = await world.context();
    const learner = await createLearner(context);
    await learner.commitUnchanged({ stage: "grpo", step: 1, metrics: {} });
    expect([learner.version(), context.policy.identity().version]).toEqual([1, 1]);
  });

  it.each(["adapterPath", "optimizerPath"] as const)(
    "falls back to the checkpoint before one with a damaged %s, and makes it again",
    async (which) => {
      const context = await learned(3);
      const saved = await readFile(await fileOf(context, which));
      await truncate(await fileOf(context, which), saved.length - 1);
      const again = await restarted(context);
      const learner = await createLearner(again);
      expect([learner.version(), learner.stepsDone("sft"), again.policy.identity().version]).toEqual([2, 2, 2]);
      expect(alarmsOf(again)).toMatchObject([{ alarm: "damaged-checkpoint" }]);
      await learn(learner, 3);
      expect(await readFile(await fileOf(context, which))).toEqual(saved);
      expect(await context.store.checkpoints(context.runId)).toHaveLength(3);
      expect((await createLearner(await restarted(context))).version()).toBe(3);
    },
  );

  it("falls back to the base where the only checkpoint is lost", async () => {
    const context = await learned(1);
    await rm(await fileOf(context, "adapterPath"));
    const again = await restarted(context);
    const learner = await createLearner(again);
    expect([learner.version(), learner.stepsDone("sft"), again.policy.identity().version]).toEqual([0, 0, 0]);
    await learn(learner, 2);
    expect(await context.store.checkpoints(context.runId)).toHaveLength(2);
  });

  it("refuses to go on where no checkpoint with an optimiser state is whole, and names a file", async () => {
    const context = await learned(4);
    for (const fromEnd of [1, 2]) await writeFile(await fileOf(context, "adapterPath", fromEnd), "not an adapter");
    const error = await createLearner(await restarted(context)).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "corrupt-file", path: await fileOf(context, "adapterPath", 2) });
    expect(LitmusError.isInstance(error) && error.hint).toContain("--new");
  });

  it("says why a whole state cannot be loaded", async () => {
    const context = await learned(1);
    const refusing = createScriptedTrainer({});
    refusing.load = async () => {
      throw new LitmusError("incompatible", "it belongs to another base");
    };
    const learner = await createLearner({ ...(await restarted(context)), trainer: async () => refusing });
    await expect(learner.trainer()).rejects.toMatchObject({
      code: "incompatible",
      message: expect.stringContaining("another base") as string,
    });
  });

  it("switches back to its version after the policy was made to sample with the base", async () => {
    const context = await learned(2);
    const learner = await createLearner(context);
    await context.policy.useAdapter(null);
    await learner.activate();
    expect(context.policy.identity()).toMatchObject({ version: 2, adapterSha256: learner.adapterSha256() });
  });
});
