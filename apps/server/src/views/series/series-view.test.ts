import { seriesListSchema, seriesQuery, type SeriesList } from "@litmus/api";
import { runId, type MetricRecord, type RunId, type RunRecord } from "@litmus/core";
import { buildReward, buildStoredTrajectory, buildTrajectory, createManualTiming } from "@litmus/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStoreReads } from "../store-reads.ts";
import { evaluationOf, metricsAt, runOf } from "../testing/build-rows.ts";
import { readsOf, type Rows } from "../testing/reads-of.ts";
import { seriesView } from "./series-view.ts";

const first = runId("first");

/** Two supervised steps without a time, two of reinforcement. */
const metrics: readonly MetricRecord[] = [
  ...metricsAt(first, { stage: "sft", step: 1 }, { loss: 3, tokens: 50 }),
  ...metricsAt(first, { stage: "sft", step: 2 }, { loss: 2, tokens: 50 }),
  ...metricsAt(
    first,
    { stage: "grpo", step: 1 },
    { loss: 0.5, tokens: 100, seconds: 4, exactMatch: 0.5, reward: 0.55, episodes: 24, failures: 1, groups: 6 },
  ),
  ...metricsAt(
    first,
    { stage: "grpo", step: 2 },
    { loss: Number.NaN, tokens: 300, seconds: 6, exactMatch: 1, reward: 1.1, episodes: 24, failures: 22, groups: 6 },
  ),
  ...metricsAt(first, { stage: "run", step: 1 }, { seconds: 99 }),
];

async function seriesOf(rows: Partial<Rows>, query: Record<string, string>): Promise<SeriesList> {
  const list = await seriesView(readsOf(rows), seriesQuery.parse(query));
  expect(seriesListSchema.parse(list)).toEqual(list);
  return list;
}

describe("seriesView", () => {
  const rows = { runs: [runOf("first")], metrics };

  it("draws a metric over all stages, and leaves a gap where a value is no number", async () => {
    const { series } = await seriesOf(rows, { sources: "first", metrics: "loss" });
    expect(series).toEqual([
      {
        source: "first",
        runIds: ["first"],
        metric: "loss",
        // The first stage has four steps.
        x: [1, 2, 5, 6],
        y: [3, 2, 0.5, null],
        low: null,
        high: null,
        n: null,
        stage: ["sft", "sft", "grpo", "grpo"],
        step: [1, 2, 1, 2],
        total: 4,
        isDownsampled: false,
        notFinite: 1,
      },
    ]);
  });

  it.each([
    ["time", [0, 0, 4, 10]],
    // What is taught is not sampled.
    ["tokens", [0, 0, 100, 400]],
  ])("draws it by %s", async (x, expected) => {
    expect((await seriesOf(rows, { sources: "first", metrics: "loss", x })).series[0]?.x).toEqual(expected);
  });

  it("gives shares their interval over the groups that can be scored, and rewards theirs on their scale", async () => {
    const { series } = await seriesOf(rows, { sources: "first", metrics: "exactMatch,reward" });
    const [exactMatch, reward] = series;
    // Wilson, 3 of 6, however many episodes they are: 0.5 ± 0.3124; 2 of 2 episodes: from 1 / (1 + 1.96² / 2).
    expect(exactMatch?.low?.[0]).toBeCloseTo(0.1876, 4);
    expect(exactMatch?.high?.[0]).toBeCloseTo(0.8124, 4);
    expect(exactMatch?.low?.[1]).toBeCloseTo(2 / (2 + 3.841459), 6);
    // Weights 1 and 0.1: at most 1.1.
    expect(reward?.low?.[0]).toBeCloseTo(1.1 * 0.1876, 4);
    expect(reward?.high?.[1]).toBeCloseTo(1.1, 9);
  });

  it("draws no interval where the groups of a step are not known", async () => {
    const ungrouped = metrics.filter(({ name }) => name !== "groups");
    const { series } = await seriesOf({ ...rows, metrics: ungrouped }, { sources: "first", metrics: "exactMatch" });
    expect(series).toMatchObject([{ y: [0.5, 1], low: null, high: null }]);
  });

  it("takes any word for the name of a metric that no run has", async () => {
    const evaluations = [evaluationOf(first, { stage: "base", step: 0 }, [0])];
    const trajectories = [buildStoredTrajectory({ key: { runId: first, stage: "grpo", step: 1 } })];
    const metricNames = "__proto__,constructor,stop.__proto__";
    const { series } = await seriesOf(
      { ...rows, evaluations, trajectories },
      { sources: "first", metrics: metricNames },
    );
    expect(series.map(({ y }) => y)).toEqual([[], [], [0]]);
  });

  it("asks the store once for all that the curves of a run are made of", async () => {
    const runs = [runOf("first"), runOf("second", { set: ["stages.1.steps=9"] })];
    const { store } = readsOf({ ...rows, runs });
    const asked: string[] = [];
    const counted = {
      ...store,
      metricCurves: (id: RunId, names: readonly string[]) => {
        asked.push(`${id}: ${names.join(" ")}`);
        return store.metricCurves(id, names);
      },
    };
    const reads = createStoreReads({ store: counted, timing: createManualTiming() });
    const ask = (names: string, x: string): Promise<SeriesList> =>
      seriesView(reads, seriesQuery.parse({ sources: "first,second", metrics: names, x }));
    await ask("loss,reward,evaluation.exactMatch", "time");
    const counts = "episodes failures groups";
    expect(asked.sort()).toEqual([`first: ${counts} loss reward seconds`, `second: ${counts} loss reward seconds`]);
    await ask("reward,exactMatch", "time");
    expect(asked.slice(2).sort()).toEqual(["first: exactMatch", "second: exactMatch"]);
  });

  it("draws evaluations where they belong, the base at 0", async () => {
    const evaluations = [
      evaluationOf(first, { stage: "base", step: 0 }, [0, 0, 0, 0]),
      evaluationOf(first, { stage: "grpo", step: 3 }, [1, 1, 0, null]),
      // Asked for later, of a version.
      evaluationOf(first, { stage: "eval-test", step: 2 }, [1, 1, 1, 1]),
    ];
    const { series } = await seriesOf(
      { ...rows, evaluations },
      { sources: "first", metrics: "evaluation.exactMatch,evaluation.sampled" },
    );
    expect(series[0]).toMatchObject({ x: [0, 7], y: [0, 2 / 3], stage: ["base", "grpo"], step: [0, 3] });
    expect(series[0]?.high?.[0]).toBeCloseTo(3.841459 / (4 + 3.841459), 6);
    expect(series[1]).toMatchObject({ x: [], total: 0, low: null });
  });

  it("draws which share of a step's scored episodes ended by a reason", async () => {
    const key = { runId: first, stage: "grpo", step: 1 };
    const ended = (
      reason: "completed" | "max_turns",
      member: number,
      reward = buildReward() as ReturnType<typeof buildReward> | null,
    ) =>
      buildStoredTrajectory({
        key: { ...key, member },
        reward,
        trajectory: buildTrajectory({ outcome: { type: "stopped", reason } }),
      });
    const trajectories = [
      ended("completed", 0),
      ended("max_turns", 1),
      ended("max_turns", 2),
      ended("max_turns", 3),
      ended("completed", 4, null),
    ];
    const { series } = await seriesOf({ ...rows, trajectories }, { sources: "first", metrics: "stop.max_turns" });
    expect(series[0]).toMatchObject({ x: [5], y: [0.75] });
    // Wilson, 3 of 4 episodes, as no more than those can be of the six groups.
    expect(series[0]?.low?.[0]).toBeCloseTo(0.3006, 4);
    const ungrouped = await seriesOf(
      { ...rows, metrics: [], trajectories },
      { sources: "first", metrics: "stop.max_turns" },
    );
    expect(ungrouped.series[0]).toMatchObject({ y: [0.75], low: null });
  });

  it("keeps to a range, and says how much is not sent", async () => {
    const many = Array.from({ length: 1_000 }, (_, i) =>
      metricsAt(first, { stage: "grpo", step: i + 1 }, { reward: i === 500 ? 9 : Math.sin(i) }),
    ).flat();
    const run = runOf("first", { set: ["stages.1.steps=1000"] });
    const query = { sources: "first", metrics: "reward", points: "20", from: "105", to: "904" };
    const { series } = await seriesOf({ runs: [run], metrics: many }, query);
    expect(series[0]).toMatchObject({ total: 800, isDownsampled: true });
    expect(series[0]?.x.length).toBeLessThanOrEqual(20);
    expect([series[0]?.x[0], series[0]?.x.at(-1)]).toEqual([105, 904]);
    expect(series[0]?.y).toContain(9);
  });

  it("refuses a source that is no run", async () => {
    await expect(
      seriesView(readsOf(rows), seriesQuery.parse({ sources: "absent", metrics: "loss" })),
    ).rejects.toMatchObject({
      code: "not-found",
    });
  });
});

describe("seriesView of seeds", () => {
  const runs = [
    runOf("c", { set: ["seed=3"] }),
    runOf("b", { set: ["seed=2"] }),
    runOf("other", { set: ["stages.1.steps=9"] }),
    runOf("a"),
  ];
  const rewards = (id: string, values: readonly number[], seconds: number) =>
    values.flatMap((reward, i) => metricsAt(runId(id), { stage: "grpo", step: i + 1 }, { reward, seconds }));
  const rows = {
    runs,
    metrics: [
      ...rewards("a", [1, 1, 5], 2),
      ...rewards("b", [2, 2], 4),
      ...rewards("c", [3, Number.NaN], 6),
      ...rewards("other", [100], 1),
    ],
  };

  it("is the mean at equal steps over the runs that differ in the seed alone, with Student's interval", async () => {
    const [band] = (await seriesOf(rows, { sources: "seeds:b", metrics: "reward" })).series;
    expect(band).toMatchObject({
      source: "seeds:b",
      runIds: ["a", "b", "c"],
      x: [5, 6, 7],
      y: [2, 1.5, 5],
      n: [3, 2, 1],
      notFinite: 1,
    });
    // Mean 2, deviation 1, t(2) = 4.3027; then deviation √½, t(1) = 12.7062; then one run.
    expect(band?.low?.[0]).toBeCloseTo(2 - 4.302653 / Math.sqrt(3), 5);
    expect(band?.high?.[1]).toBeCloseTo(1.5 + 12.706205 / 2, 4);
    expect(band?.high?.[2]).toBeNull();
  });

  it("has no interval beyond what a share can be", async () => {
    const metrics = [1, 1, 0].flatMap((value, i) =>
      metricsAt(runId("abc"[i] ?? ""), { stage: "grpo", step: 1 }, { effectiveShare: value, reward: value }),
    );
    const [share, reward] = (
      await seriesOf({ runs, metrics }, { sources: "seeds:b", metrics: "effectiveShare,reward" })
    ).series;
    expect([share?.low, share?.high]).toEqual([[0], [1]]);
    expect(reward?.high?.[0]).toBeGreaterThan(1);
  });

  it("grows on the axis of time by the mean of what a step took", async () => {
    const [band] = (await seriesOf(rows, { sources: "seeds:a", metrics: "reward", x: "time" })).series;
    expect(band?.x).toEqual([4, 8, 10]);
  });
});

describe("a series", () => {
  const ids = ["r0", "r1", "r2", "r3", "r4"];
  const runs: RunRecord[] = ids.map((id, i) =>
    runOf(id, { set: [`seed=${i % 2 === 0 ? 1 : i}`, "stages.1.steps=60", ...(i > 2 ? ["reward.format=0.5"] : [])] }),
  );
  const sources = fc.subarray([...ids, ...ids.map((id) => `seeds:${id}`)], { minLength: 1 });
  const value = fc.oneof(fc.double({ min: -1, max: 2, noNaN: true }), fc.constant(Number.NaN));
  const curves = fc.array(fc.array(value, { maxLength: 60 }), { minLength: ids.length, maxLength: ids.length });

  it("depends on its own runs alone: what else is asked for changes no byte of it", async () => {
    await fc.assert(
      fc.asyncProperty(
        sources,
        curves,
        fc.constantFrom("step", "time", "tokens"),
        fc.integer({ min: 10, max: 40 }),
        async (asked, all, x, points) => {
          const stored = all.flatMap((values, i) =>
            values.flatMap((reward, step) =>
              metricsAt(
                runId(ids[i] ?? ""),
                { stage: "grpo", step: step + 1 },
                { reward, seconds: 1 + i, tokens: 10 * step, episodes: 8, failures: 1 },
              ),
            ),
          );
          const reads = readsOf({ runs, metrics: stored });
          const ask = (some: readonly string[]): Promise<SeriesList> =>
            seriesView(reads, seriesQuery.parse({ sources: some.join(","), metrics: "reward,exactMatch", x, points }));
          const together = (await ask(asked)).series;
          for (const [index, source] of asked.entries())
            expect(JSON.stringify((await ask([source])).series)).toBe(
              JSON.stringify(together.slice(2 * index, 2 * index + 2)),
            );
        },
      ),
      { numRuns: 200 },
    );
  });
});
