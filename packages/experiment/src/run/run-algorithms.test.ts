import { runId } from "@litmus/core";
import { withoutTimes } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createScriptedPolicy } from "../../../policy/src/index.ts";
import { openTinyWorld, tinyConfig, type TinyContext, type TinyWorld } from "../testing/build-context.ts";
import { runExperiment } from "./run-experiment.ts";

/** @file Every named algorithm, and the terms that need a second forward pass, through whole runs that are interrupted. */

async function contentOf({ store, runId: id }: TinyContext) {
  const trajectories = await store.trajectories({ runId: id });
  return {
    trajectories: trajectories.map(withoutTimes),
    trained: await Promise.all(trajectories.map((entry) => store.trained(entry.id))),
    versions: await store.policyVersions(id),
    metrics: (await store.metrics(id)).filter(({ name }) => name !== "seconds"),
    evaluations: await store.evaluations(id),
  };
}

let unbroken: TinyWorld;
let broken: TinyWorld;
beforeAll(async () => {
  [unbroken, broken] = [await openTinyWorld(), await openTinyWorld()];
});
afterAll(async () => {
  await unbroken.close();
  await broken.close();
});

/** All that a run stored; interrupted at the action of each of the numbers on the way. */
async function runWhole(world: TinyWorld, run: { id: string; overrides: readonly string[]; stops: readonly number[] }) {
  const [id, config] = [runId(run.id), tinyConfig(run.overrides)];
  for (const stop of run.stops) {
    const context = await world.context({ runId: id, config });
    let actions = 0;
    const latencyMs = (): number => {
      if (++actions === stop) context.stop();
      return 0;
    };
    const policy = createScriptedPolicy({ contextTokens: 1024, latencyMs });
    await expect(runExperiment({ ...context, policy })).rejects.toMatchObject({ code: "interrupted" });
  }
  const last = await world.context({ runId: id, config });
  await runExperiment(last);
  return contentOf(last);
}

const stage = (...settings: readonly string[]): string[] => [
  "evaluation.questions=1",
  "evaluation.sampled=null",
  ...settings.map((each) => `stages.1.${each}`),
];

describe("reinforcement by name", () => {
  it.each([
    ["grpo", stage("type=grpo")],
    ["dr-grpo", stage("type=dr-grpo")],
    ["rloo", stage("type=rloo")],
    ["reinforce, groups of one", stage("type=reinforce", "groupSize=1", "problemsPerStep=4")],
    ["dapo", stage("type=dapo", "overlong={maxTokens: 60, margin: 30}", "updatesPerStep=2")],
    ["cispo with KL in the loss", stage("loss=cispo", "kl={coefficient: 0.05, estimator: k2}", "updatesPerStep=2")],
    ["KL in the reward, an entropy bonus", stage("kl={coefficient: 0.05, in: reward}", "entropyBonus=0.01")],
    [
      "a curriculum",
      stage("curriculum={low: 0.1, high: 0.6, probe: 3}", "steps=4", "groupSize=6"),
      // In the probe, then in the first groups of steps, whose own answers must not choose their problems.
      [5, 60, 20, 22, 18],
    ],
  ] as [string, string[], number[]?][])(
    "%s: an interrupted run ends as an unbroken one",
    async (name, overrides, stops = [5, 12]) => {
      const id = name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
      const expected = await runWhole(unbroken, { id, overrides, stops: [] });
      expect(expected.versions.length).toBeGreaterThan(2);
      expect(await runWhole(broken, { id, overrides, stops })).toEqual(expected);
    },
  );
});
