import { problemId, runId, type Reward, type StoredTrajectory } from "@litmus/core";
import { buildReward, buildStoredTrajectory } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isReinforcement, type StageConfig } from "../config/schema.ts";
import { openTinyWorld, tinyConfig, type TinyWorld } from "../testing/build-context.ts";
import { isWorthwhile, notePassRates, passRatesOf, type PassRates } from "./pass-rates.ts";

let world: TinyWorld;
beforeAll(async () => {
  world = await openTinyWorld();
});
afterAll(() => world.close());

function stageWith(overrides: readonly string[]) {
  const config = tinyConfig(overrides.map((each) => `stages.1.${each}`)).stages[1] as StageConfig;
  if (!isReinforcement(config)) throw new Error("the tiny experiment has no such stage");
  return { name: "grpo", config };
}

const right = (isRight: boolean) =>
  buildReward({ components: [{ name: "exactMatch", score: isRight ? 1 : 0, weight: 1, detail: "" }] });

describe("pass rates", () => {
  it("are the shares of right answers at the latest visit; failed episodes are none", () => {
    const rates: PassRates = new Map();
    const problem = problemId("p");
    const visit = (member: number, reward: Reward | null): StoredTrajectory =>
      buildStoredTrajectory({ key: { member }, problemId: problem, reward });
    notePassRates(rates, [visit(0, right(true)), visit(1, right(false))]);
    expect(rates.get(problem)).toBe(0.5);
    notePassRates(rates, [visit(0, null)]);
    expect(rates.get(problem)).toBe(0.5);
    notePassRates(rates, [visit(0, right(true)), visit(1, null)]);
    expect(rates.get(problem)).toBe(1);
  });

  it("come from samples of every problem before the first step, which are made once", async () => {
    const stage = stageWith(["curriculum={probe: 2}"]);
    const context = await world.context({ runId: runId("probed") });
    const rates = await passRatesOf(context, stage, 0);
    expect(rates?.size).toBe(context.problems.train.length);
    const made = (): Promise<number> =>
      context.store.rolloutKeys({ runId: context.runId, stage: "grpo", step: 0 }).then((keys) => keys.length);
    expect(await made()).toBe(2 * context.problems.train.length);
    expect(await passRatesOf(context, stage, 0)).toEqual(rates);
    expect(await made()).toBe(2 * context.problems.train.length);
    expect(await passRatesOf(context, stageWith([]), 0)).toBeNull();
  });

  it("decide within the band, its ends included, and never against what is unknown", async () => {
    const { config } = stageWith(["curriculum={low: 0.25, high: 0.75}"]);
    const [known, unknown] = (await world.context()).problems.train;
    const at = (rate: number): boolean => isWorthwhile(known!, new Map([[known!.id, rate]]), config.curriculum);
    expect([0, 0.24, 0.25, 0.5, 0.75, 0.76, 1].map(at)).toEqual([false, false, true, true, true, false, false]);
    expect(isWorthwhile(unknown!, new Map(), config.curriculum)).toBe(true);
  });
});
