import { runId, type ProblemId } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isReinforcement } from "../config/schema.ts";
import { openTinyWorld, tinyConfig, type TinyContext, type TinyWorld } from "../testing/build-context.ts";
import { drawGroups, type StageStep } from "./draw-groups.ts";
import { varies } from "./group-batch.ts";

let world: TinyWorld;
beforeAll(async () => {
  world = await openTinyWorld();
});
afterAll(() => world.close());

/** Rewards by group, in the order in which they are drawn: true varies, false does not. */
async function contextWith(name: string, varying: readonly boolean[], overrides: readonly string[]) {
  const config = tinyConfig(overrides.map((each) => `stages.1.${each}`));
  const stage = config.stages[1];
  if (stage === undefined || !isReinforcement(stage)) throw new Error("the tiny experiment has no such stage");
  let scored = 0;
  const made = await world.context({
    runId: runId(name),
    config: { ...config, policy: { ...config.policy, slots: 1 } },
    verify: () => {
      const [group, member] = [Math.floor(scored / stage.groupSize), scored++ % stage.groupSize];
      const total = varying[group] === true && member === 0 ? 1 : 0;
      return { ok: true, value: { components: [], total, scorer: "test" } };
    },
  });
  return { made, at: (step: number): StageStep => ({ name: "dapo", config: stage, step, passRates: null }) };
}

const alarms = (context: TinyContext): string[] =>
  context.events.flatMap((event) => (event.type === "alarm-raised" ? [event.alarm] : []));

describe("drawGroups", () => {
  it("draws one batch without dynamic sampling, whatever it holds", async () => {
    const { made, at } = await contextWith("plain", [false, false], ["type=grpo"]);
    const { all, batch } = await drawGroups(made, at(0));
    expect([all.length, batch.length, batch.some(varies)]).toEqual([2, 2, false]);
  });

  it("draws further problems until enough groups vary, and learns from those only", async () => {
    const { made, at } = await contextWith("dynamic", [false, true, false, true], ["type=dapo"]);
    const { all, batch } = await drawGroups(made, at(0));
    expect([all.length, batch.length, batch.every(varies)]).toEqual([4, 2, true]);
    expect(batch.map((group) => group[0]?.key.group)).toEqual([1, 3]);
    expect(new Set(all.map((group) => group[0]?.problemId)).size).toBe(4);
    expect(alarms(made)).toEqual([]);
  });

  it("gives up after so many batches, with what there is, and says so", async () => {
    const { made, at } = await contextWith("few", [true], ["type=dapo", "dynamicSampling.maxBatches=3"]);
    const { all, batch } = await drawGroups(made, at(0));
    expect([all.length, batch.length]).toEqual([6, 1]);
    expect(alarms(made)).toEqual(["too-few-groups"]);
  });

  it("goes on with the problem after the last one drawn, and makes nothing twice", async () => {
    const { made, at } = await contextWith("cursor", [false, true, true, false, true, true], ["type=dapo"]);
    const first = await drawGroups(made, at(0));
    expect(first.all.length).toBe(4);
    expect(await drawGroups(made, at(0))).toEqual(first);
    await made.store.saveMetrics([{ runId: made.runId, stage: "dapo", step: 1, name: "problemsPassed", value: 4 }]);
    const second = await drawGroups(made, at(1));
    const problems = [...first.all, ...second.all].map((group) => group[0]?.problemId);
    expect(new Set(problems).size).toBe(problems.length);
  });

  it("passes over problems outside the curriculum's band, and takes those that are unknown", async () => {
    const overrides = ["type=grpo", "curriculum={low: 0.2, high: 0.8}"];
    const [{ made, at }, other] = [
      await contextWith("plain-order", [], overrides),
      await contextWith("curriculum", [], overrides),
    ];
    const plain = await drawGroups(made, at(0));
    const [easy, half] = plain.all.map((group) => group[0]?.problemId as ProblemId) as [ProblemId, ProblemId];
    const passRates = new Map([
      [easy, 1],
      [half, 0.5],
    ]);
    const chosen = await drawGroups(other.made, { ...other.at(0), passRates });
    const problems = chosen.all.map((group) => group[0]?.problemId);
    expect(problems[0]).toBe(half);
    expect(problems).not.toContain(easy);
    expect([plain.passed, chosen.passed]).toEqual([2, 3]);
  });

  it("takes problems as they come, and says so, where a whole epoch has none in the band", async () => {
    const { made, at } = await contextWith("empty-band", [], ["type=grpo", "curriculum={low: 0.2, high: 0.8}"]);
    const passRates = new Map(made.problems.train.map(({ id }) => [id, 0]));
    const { all, passed } = await drawGroups(made, { ...at(0), passRates });
    expect([all.length, passed]).toEqual([2, made.problems.train.length + 2]);
    expect(alarms(made)).toEqual(["curriculum-empty"]);
  });
});
