import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredTrajectory, TrajectoryStore } from "@litmus/core";
import { openMemoryStore } from "@litmus/store";
import {
  hostileRun,
  hostileTexts,
  hostileTrajectory,
  longTrajectory,
  seedHostileStore,
  seedLongRuns,
  seedLongTrajectory,
  seedManyRuns,
  seedSmallStore,
  smallRuns,
  type Seeding,
} from "@litmus/testing/seed";
import { seedTools } from "./seed-tools.ts";

async function seeded(fill: (seeding: Seeding) => Promise<void>): Promise<TrajectoryStore> {
  const store = await openMemoryStore();
  await fill({ store, tools: seedTools });
  return store;
}

async function allTrajectories(store: TrajectoryStore): Promise<StoredTrajectory[]> {
  const runs = await store.runs();
  return (await Promise.all(runs.map(({ id }) => store.trajectories({ runId: id })))).flat();
}

describe("the small store", () => {
  let store: TrajectoryStore;
  beforeAll(async () => void (store = await seeded(seedSmallStore)));
  afterAll(() => store.close());

  it("is the same each time", async () => {
    const again = await seeded(seedSmallStore);
    expect(await allTrajectories(again)).toEqual(await allTrajectories(store));
    expect(await again.runs()).toEqual(await store.runs());
    await again.close();
  });

  it("holds every kind of thing that a page shows", async () => {
    const runs = await store.runs();
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(["running", "finished", "failed"]));
    const entries = await allTrajectories(store);
    const turns = entries.flatMap(({ trajectory }) => trajectory.turns);
    expect(new Set(turns.map(({ action }) => action.type))).toEqual(new Set(["search", "answer", "malformed"]));
    const boundaries = entries.flatMap(({ trajectory: { outcome }, rewardFailure }) =>
      outcome.type === "failed" ? [outcome.failure.boundary] : rewardFailure === null ? [] : [rewardFailure.boundary],
    );
    expect(new Set(boundaries)).toEqual(new Set(["policy", "retrieval", "timeout", "reward"]));
    expect(entries.some(({ trajectory }) => trajectory.cited.length > 0)).toBe(true);
    const stages = (await store.evaluations(runs.find(({ id }) => id === smallRuns.finished)!.id)).map((e) => e.stage);
    expect(stages).toEqual(["base", "sft", "grpo"]);
  });

  it("is written as the loop writes it: segments cover the tokens, and each action token has a log-probability", async () => {
    for (const { trajectory } of await allTrajectories(store)) {
      const { tokens, segments, logProbs, turns } = trajectory;
      expect(segments.map(({ start }) => start)).toEqual([0, ...segments.slice(0, -1).map(({ end }) => end)]);
      expect(segments.at(-1)?.end).toBe(tokens.length);
      expect(turns.reduce((sum, turn) => sum + turn.sampledTokens, 0)).toBe(logProbs.length);
      expect(logProbs.every((logProb) => logProb <= 0)).toBe(true);
    }
  });
});

describe("the hostile store", () => {
  it("has at least a hundred different texts, and gives each back unchanged", async () => {
    expect(new Set(hostileTexts).size).toBeGreaterThanOrEqual(100);
    const store = await seeded(seedHostileStore);
    const names = (await store.runs()).map(({ name }) => name);
    const turns = (await store.trajectory(hostileTrajectory))?.trajectory.turns ?? [];
    const failures = (await store.trajectories({ runId: hostileRun, purpose: "train" })).flatMap((entry) => {
      const { outcome } = entry.trajectory;
      return outcome.type === "failed" ? [outcome.failure.message] : [entry.rewardFailure?.message];
    });
    const shown = turns.flatMap(({ search }) => search?.hits ?? []);
    for (const text of hostileTexts) {
      expect(names).toContain(text);
      expect(turns.map(({ search }) => search?.query)).toContain(text);
      expect(turns.map(({ actionText }) => actionText)).toContain(text);
      expect(shown.map(({ title }) => title)).toContain(text);
      expect(shown.map(({ shownText }) => shownText)).toContain(text);
      expect(failures).toContain(text);
    }
    await store.close();
  });
});

describe("the large store", () => {
  it("has as many runs, points, turns and tokens as asked for", async () => {
    const store = await seeded(async (seeding) => {
      await seedManyRuns(seeding, { runs: 60, metrics: 30 });
      await seedLongRuns(seeding, { runs: 2, steps: 100 });
      await seedLongTrajectory(seeding, { turns: 200, tokens: 100_000 });
    });
    const runs = await store.runs();
    expect(runs).toHaveLength(63);
    const [many, long] = ["sweep-60", "long-2"].map((id) => runs.find((run) => run.id === id)!.id);
    expect(await store.metrics(many!)).toHaveLength(30);
    expect(await store.evaluations(many!)).toHaveLength(1);
    const rewards = (await store.metrics(long!)).filter(({ name }) => name === "reward");
    expect(rewards.map(({ step }) => step)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    const trajectory = (await store.trajectory(longTrajectory))?.trajectory;
    expect(trajectory?.turns).toHaveLength(200);
    expect(trajectory?.tokens.length).toBeGreaterThanOrEqual(100_000);
    expect(trajectory?.tokens.length).toBeLessThan(101_000);
    await store.close();
  });
});
