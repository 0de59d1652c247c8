import { runListSchema, runsQuery, type RunList, type RunsQuery } from "@litmus/api";
import { sha256, type RunRecord } from "@litmus/core";
import { beforeEach, describe, expect, it } from "vitest";
import { buildExperiment, RunsUnderTest } from "../../testing/build-evaluated.ts";
import { runsView } from "./runs-view.ts";

let runs: RunsUnderTest;
beforeEach(() => {
  runs = new RunsUnderTest();
});

async function list(query: Partial<RunsQuery> = {}): Promise<RunList> {
  const view = await runsView(runs.reads(), { ...runsQuery.parse({}), ...query });
  expect(runListSchema.parse(view)).toEqual(view);
  return view;
}

/** Runs a, b, c … of days 1, 2, 3 …, each with its own config. */
function addRun(id: string, config: object = {}, overrides: Partial<RunRecord> = {}): RunRecord {
  const day = id.charCodeAt(0) - 96;
  const createdAt = `2026-01-0${day}T00:00:00.000Z`;
  const run = buildExperiment(id, { createdAt, ...overrides, configHash: sha256(id) }, { name: "exp", ...config });
  runs.run(run);
  return run;
}

const ids = ({ rows }: RunList): string => rows.map(({ id }) => id).join("");
const columnIds = ({ columns }: RunList, group: string): string[] =>
  columns.filter((column) => column.group === group).map(({ id }) => id);

describe("runsView", () => {
  it("lists runs newest first, with the columns that are shown unless told", async () => {
    addRun("a", {}, { status: "finished", finishedAt: "2026-01-01T00:01:30.000Z" });
    addRun("b");
    runs.run(buildExperiment("ask", { config: {}, manifest: {} }));
    const view = await list();
    expect(ids(view)).toBe("ba");
    expect(view.total).toBe(2);
    expect(view.rows[1]).toMatchObject({
      id: "a",
      status: "finished",
      members: [{ id: "a", seed: 1, status: "finished" }],
      cells: { status: "finished", createdAt: "2026-01-01T00:00:00.000Z", "cost.seconds": 90, "cost.failed": 0 },
    });
  });

  it("has a column for each key in which configs differ, whatever is filtered", async () => {
    addRun("a", { policy: { engine: "scripted", slots: 8 } });
    addRun("b", { policy: { engine: "scripted", slots: 16 }, extra: "x" });
    const all = await list();
    expect(columnIds(all, "config")).toEqual(["config.extra", "config.policy.slots"]);
    expect((await list({ search: "no such run" })).columns).toEqual(all.columns);
    const shown = await list({ columns: ["config.policy.slots", "config.extra", "config.seed"] });
    expect(shown.rows.map(({ cells }) => cells)).toEqual([
      { "config.policy.slots": 16, "config.extra": "x", "config.seed": 1 },
      { "config.policy.slots": 8, "config.extra": null, "config.seed": 1 },
    ]);
  });

  it("shows last metrics and scores, and never what is no number", async () => {
    const run = addRun("a");
    runs.metric(run, "reward", 0.25);
    runs.metric(run, "loss", Number.NaN);
    runs.metric(run, "peakRssGiB", 4, "run");
    runs.scored(run, { stage: "base", outcomes: "1000" });
    runs.scored(run, { stage: "sft", step: 10, outcomes: "1100" });
    const view = await list({ columns: ["metric.reward", "metric.loss", "score.test", "score.test.sampled"] });
    expect(columnIds(view, "metric")).toEqual(["metric.loss", "metric.reward"]);
    const cells = { "metric.reward": 0.25, "metric.loss": null, "score.test": 0.5, "score.test.sampled": null };
    expect(view.rows[0]?.cells).toEqual(cells);
  });

  it("sorts by any column, with what has no value last either way", async () => {
    for (const [id, reward] of [
      ["a", 0.5],
      ["b", null],
      ["c", 0.75],
      ["d", 0.25],
    ] as const) {
      const run = addRun(id);
      if (reward !== null) runs.metric(run, "reward", reward);
    }
    expect(ids(await list({ sort: "metric.reward", order: "ascending" }))).toBe("dacb");
    expect(ids(await list({ sort: "metric.reward", order: "descending" }))).toBe("cadb");
    expect(ids(await list({ sort: "metric.reward", order: "descending", offset: 1, limit: 2 }))).toBe("ad");
    // A key in which nothing differs keeps the order.
    expect(ids(await list({ sort: "config.seed", order: "ascending" }))).toBe("dcba");
    await expect(list({ sort: "nonsense" })).rejects.toMatchObject({ code: "invalid-input", path: "sort" });
    await expect(list({ columns: ["other.x"] })).rejects.toMatchObject({ code: "invalid-input", path: "columns" });
  });

  it("filters by status, name and words of the config, and counts what the search leaves", async () => {
    addRun("a", {}, { status: "finished", name: "one" });
    addRun("b", { note: "Bovine" }, { status: "failed", name: "two" });
    addRun("c", { note: "bovine" }, { status: "finished", name: "two" });
    const view = await list({ search: "BOVINE", status: ["finished"] });
    expect(ids(view)).toBe("c");
    expect(view.total).toBe(1);
    expect(view.facets).toEqual({ status: { finished: 1, failed: 1 }, name: { two: 2 } });
    expect(ids(await list({ name: ["one"] }))).toBe("a");
  });

  it("groups runs of one config but for the seed, with means and the status that asks for attention", async () => {
    for (const [id, seed, status] of [
      ["a", 1, "finished"],
      ["b", 2, "failed"],
      ["c", 3, "finished"],
    ] as const) {
      const run = addRun(id, { seed }, { status });
      runs.metric(run, "reward", seed);
      if (id !== "c") runs.scored(run, { stage: "sft", outcomes: id === "a" ? "11" : "10" });
    }
    addRun("d", { seed: 1, stages: [] });
    const columns = ["status", "metric.reward", "score.test", "config.seed", "name", "id"];
    const { rows, total } = await list({ group: "seeds", columns });
    expect(total).toBe(2);
    expect(rows[1]).toEqual({
      id: "c",
      name: "c",
      status: "failed",
      members: [
        { id: "c", seed: 3, status: "finished" },
        { id: "b", seed: 2, status: "failed" },
        { id: "a", seed: 1, status: "finished" },
      ],
      cells: { status: "failed", "metric.reward": 2, "score.test": 0.75, "config.seed": null, name: null, id: null },
      n: { "metric.reward": 3, "score.test": 2 },
    });
    expect(rows[0]).toMatchObject({ cells: { "config.seed": 1 }, n: {} });
  });

  it("shows a group whole where a filter leaves any of its members, as its baseline row does", async () => {
    for (const [id, seed, status] of [
      ["a", 1, "finished"],
      ["b", 2, "finished"],
      ["c", 3, "running"],
    ] as const)
      runs.metric(addRun(id, { seed }, { status, name: `member-${id}` }), "reward", seed);
    addRun("d", { stages: [] }, { status: "running" });
    const columns = ["status", "metric.reward", "config.seed", "config.stages.0.type"];
    const asked: Partial<RunsQuery> = { group: "seeds", columns };
    const narrowed: Partial<RunsQuery>[] = [{ status: ["finished"] }, { name: ["member-a"] }, { search: "member-b" }];
    const whole = (await list(asked)).rows.find(({ id }) => id === "c");
    expect(whole?.cells).toEqual({
      status: "running",
      "metric.reward": 2,
      "config.seed": null,
      "config.stages.0.type": "sft",
    });
    for (const filter of narrowed) {
      const { rows, baseline, total } = await list({ ...asked, ...filter, baseline: "a" });
      expect([rows, baseline, total]).toEqual([[whole], whole, 1]);
    }
  });

  it("gives the baseline's row also where a filter hides it", async () => {
    addRun("a", {}, { name: "one" });
    addRun("b", {}, { name: "two" });
    const { rows, baseline } = await list({ name: ["two"], baseline: "a", columns: ["name"] });
    expect([rows.map(({ id }) => id), baseline?.cells]).toEqual([["b"], { name: "one" }]);
    await expect(list({ baseline: "absent" })).rejects.toMatchObject({ code: "not-found", path: "baseline" });
  });

  it("shows no secret, and never another value of a run because of the others", async () => {
    addRun("a", { store: { password: "hunter2" }, policy: { engine: "x" } });
    const columns = ["config.store.password", "config.policy.engine"];
    const alone = (await list({ columns })).rows[0];
    addRun("b");
    const beside = (await list({ columns })).rows.find(({ id }) => id === "a");
    expect(beside).toEqual(alone);
    expect(JSON.stringify(alone)).not.toContain("hunter2");
  });
});
