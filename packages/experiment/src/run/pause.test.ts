import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTinyWorld, tinyConfig, type TinyWorld } from "../testing/build-context.ts";
import type { RunContext } from "./run-context.ts";
import { runExperiment } from "./run-experiment.ts";

let world: TinyWorld;
beforeAll(async () => {
  world = await openTinyWorld();
});
afterAll(() => world.close());

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** Holds up what is begun from the n-th time on, until it is let go. */
function holdFrom(number: number) {
  const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let begun = 0;
  const unlessPaused: RunContext["unlessPaused"] = async (work) => {
    if (++begun >= number) {
      held.resolve();
      await goOn;
    }
    return work();
  };
  return { unlessPaused, held: held.promise, letGo };
}

/** Only reinforcement: two groups, then an update, then the next two. */
const config = tinyConfig([
  "stages=[{ type: grpo, steps: 2, problemsPerStep: 2, groupSize: 4, optimizer: { learningRate: 1.0e-4 } }]",
  "evaluation={ questions: 1, sampled: null, base: false }",
  "policy.slots=1",
]);

describe("a run that is paused", () => {
  it.each([
    ["between its groups", 2, 4, 0],
    ["before its update", 3, 8, 0],
    ["before the groups of its next step", 4, 8, 1],
  ])("%s makes nothing until it goes on, and ends as any other", async (_, from, trajectories, steps) => {
    const pause = holdFrom(from);
    const context = await world.context({ config, unlessPaused: pause.unlessPaused });
    const running = runExperiment(context);
    await pause.held;
    await settle();
    const stored = await context.store.trajectories({ runId: context.runId });
    const ended = context.events.filter(({ type }) => type === "step-end");
    expect([stored.length, ended.length]).toEqual([trajectories, steps]);
    pause.letGo();
    expect((await running).steps).toHaveLength(2);
    expect(await context.store.trajectories({ runId: context.runId })).toHaveLength(2 * 8 + 1);
  });
});
