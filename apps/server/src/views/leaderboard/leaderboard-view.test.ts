import { leaderboardQuery, leaderboardSchema, type Leaderboard, type LeaderboardQuery } from "@litmus/api";
import { sha256 } from "@litmus/core";
import { beforeEach, describe, expect, it } from "vitest";
import { buildExperiment, RunsUnderTest } from "../../testing/build-evaluated.ts";
import { leaderboardView } from "./leaderboard-view.ts";

let runs: RunsUnderTest;
beforeEach(() => {
  runs = new RunsUnderTest();
});

async function board(query: Partial<LeaderboardQuery> = {}): Promise<Leaderboard> {
  const view = await leaderboardView(runs.reads(), { ...leaderboardQuery.parse({}), ...query });
  expect(leaderboardSchema.parse(view)).toEqual(view);
  return view;
}

const right = (count: number, of = 40): string => "1".repeat(count) + "0".repeat(of - count);
const shown = ({ entries }: Leaderboard): string[] => entries.map(({ id, rank, ties }) => `${id} ${rank}/${ties}`);

describe("leaderboardView", () => {
  it("is empty of a store without evaluations", async () => {
    runs.run(buildExperiment("a"));
    const empty = { sets: [], set: null, categories: [], baselines: [], entries: [], total: 0, offset: 0, limit: 50 };
    expect(await board()).toEqual(empty);
  });

  it("ranks by paired intervals above 0, and lets what they cannot tell apart tie", async () => {
    const [strong, near, weak] = [buildExperiment("strong"), buildExperiment("near"), buildExperiment("weak")];
    runs.scored(strong, { stage: "sft", step: 10, outcomes: right(30) });
    // One question fewer: nobody can tell them apart.
    runs.scored(near, { stage: "sft", step: 10, outcomes: right(29) });
    runs.scored(weak, { stage: "sft", step: 10, outcomes: right(5) });
    expect(shown(await board())).toEqual(["strong:sft:10 1/1", "near:sft:10 1/1", "weak:sft:10 3/0"]);
    // Ranks are of all policies: a filter changes none.
    expect(shown(await board({ search: "WEAK gemma" }))).toEqual(["weak:sft:10 3/0"]);
  });

  it("gives no rank to a policy of which nothing was scored, and counts it nowhere", async () => {
    const old = buildExperiment("old", { createdAt: "2026-01-01T00:00:00.000Z" });
    const fresh = buildExperiment("fresh", { createdAt: "2026-01-02T00:00:00.000Z" });
    runs.scored(old, { stage: "base", outcomes: right(5) });
    runs.scored(old, { stage: "sft", step: 10, outcomes: right(30) });
    runs.scored(fresh, { stage: "sft", step: 10, outcomes: "-".repeat(40) });
    const ranks = ["old:sft:10 1/0", "old:base:0 2/0", "fresh:sft:10 null/0"];
    expect(shown(await board())).toEqual(ranks);
    expect(shown(await board({ order: "descending" }))).toEqual(["old:base:0 2/0", "old:sft:10 1/0", ranks[2]]);
    const { entries, baselines } = await board();
    expect(entries.map(({ unranked }) => unranked)).toEqual([null, null, "nothing-scored"]);
    expect(baselines.map(({ id }) => id)).toEqual(["old:base:0"]);
    // Nor does it stand for a policy that an older run scored.
    runs.scored(fresh, { stage: "base", outcomes: "-".repeat(40) });
    expect(shown(await board())).toEqual(ranks);
  });

  it("keeps a version that was chosen on the very questions out of the ranks, unless it was scored before", async () => {
    const run = buildExperiment("a");
    for (const [index, step] of [10, 20, 30].entries()) runs.checkpoint(run, "grpo", step, index + 1);
    runs.scored(run, { stage: "base", outcomes: right(5) });
    for (const step of [10, 20, 30]) runs.scored(run, { stage: "grpo", step, outcomes: right(30) });
    runs.scored(run, { stage: "eval-test", step: 2, outcomes: right(30), result: { chosenOn: "test" } });
    const { entries } = await board();
    expect(entries.map(({ id, rank, unranked, chosenOn }) => [id, rank, unranked, chosenOn])).toEqual([
      ["a:grpo:30", 1, null, null],
      ["a:base:0", 2, null, null],
      ["a:eval-test:2", null, "chosen-on-these-questions", "test"],
    ]);
    // The version that the stage ended with stands by the score it had before anything was chosen.
    runs.scored(run, { stage: "eval-test", step: 3, outcomes: right(30), result: { chosenOn: "test" } });
    expect(shown(await board())).toEqual(["a:grpo:30 1/0", "a:base:0 2/0"]);
    // Chosen on other questions, it is ranked.
    runs.scored(run, { stage: "eval-test", step: 2, outcomes: right(30), result: { chosenOn: "validation" } });
    expect(shown(await board())).toEqual(["a:eval-test:2 1/1", "a:grpo:30 1/1", "a:base:0 3/0"]);
  });

  it("pairs only questions that both were scored on", async () => {
    runs.scored(buildExperiment("a"), { stage: "sft", outcomes: `${right(10, 10)}${"-".repeat(10)}` });
    runs.scored(buildExperiment("b"), { stage: "sft", outcomes: `${right(10, 10)}${"0".repeat(10)}` });
    expect(shown(await board()).map((each) => each.split(" ")[1])).toEqual(["1/1", "1/1"]);
  });

  it("keeps sets of other data, questions and scorers apart", async () => {
    const other = buildExperiment("other", { manifest: { "problems.test": sha256("other data") } });
    runs.scored(buildExperiment("a"), { stage: "sft", outcomes: right(5) });
    runs.scored(buildExperiment("b"), { stage: "sft", outcomes: right(9) });
    runs.scored(other, { stage: "sft", outcomes: right(5) });
    runs.scored(buildExperiment("c"), { stage: "sft", outcomes: right(5), result: { scorer: "2" } });
    const { sets, set, entries } = await board();
    expect(sets.map(({ policies }) => policies)).toEqual([2, 1, 1]);
    expect(set).toMatchObject({ name: "litmus-mini", split: "test", questions: 40, scorer: "test-1", policies: 2 });
    expect(entries.map(({ runId }) => runId)).toEqual(["b", "a"]);
    expect((await board({ set: sets[1]?.id ?? "" })).entries).toHaveLength(1);
    await expect(board({ set: "absent" })).rejects.toMatchObject({ code: "not-found", path: "set" });
  });

  it("shows one base policy of all runs that began with it, pinned whatever is filtered", async () => {
    for (const [index, id] of ["alpha", "beta"].entries()) {
      const run = buildExperiment(id, { createdAt: `2026-01-0${index + 1}T00:00:00.000Z` });
      runs.scored(run, { stage: "base", outcomes: right(4 + index) });
      runs.scored(run, { stage: "sft", step: 10, outcomes: right(20) });
    }
    const rag = { agent: { basePrompt: "retrieval-augmented-v1", trainedPrompt: "short-v1", budgets: {} } };
    runs.scored(buildExperiment("rag", {}, rag), { stage: "base", outcomes: right(8) });
    const { baselines, entries, total } = await board({ search: "beta sft", kind: ["trained"] });
    expect(baselines.map(({ id, kind, isBaseline }) => [id, kind, isBaseline])).toEqual([
      ["rag:base:0", "retrieval-augmented", true],
      ["beta:base:0", "base", true],
    ]);
    expect(entries.map(({ id }) => id).sort()).toEqual(["beta:base:0", "beta:sft:10", "rag:base:0"]);
    expect(total).toBe(3);
  });

  it.each([
    ["another file behind the module", { manifest: { module: sha256("new") } }, {}],
    ["another module", {}, { module: "./b.mjs" }],
    ["another export", {}, { export: "large" }],
    ["another protocol", {}, { protocol: "tags" }],
  ])("tells chat models of one name apart by %s", async (_, { manifest = {} }: { manifest?: object }, patch) => {
    const chat = { engine: "chat", module: "./a.mjs", export: "default", protocol: "tools" };
    const common = { model: sha256("named"), module: sha256("old"), "problems.test": sha256("test") };
    const run = (id: string, createdAt: string, more: object, policy: object) =>
      buildExperiment(id, { createdAt, manifest: { ...common, ...more } }, { policy });
    runs.scored(run("a", "2026-01-01T00:00:00.000Z", {}, chat), { stage: "base", outcomes: right(9) });
    runs.scored(run("b", "2026-01-02T00:00:00.000Z", {}, chat), { stage: "base", outcomes: right(8) });
    const other = run("c", "2026-01-03T00:00:00.000Z", manifest, { ...chat, ...patch });
    runs.scored(other, { stage: "base", outcomes: right(7) });
    expect((await board()).entries.map(({ id }) => id)).toEqual(["b:base:0", "c:base:0"]);
  });

  it("shows the last evaluation of a stage, or all", async () => {
    const run = buildExperiment("a");
    for (const step of [10, 20, 30]) runs.scored(run, { stage: "grpo", step, outcomes: right(step) });
    runs.scored(run, { stage: "sft", step: 5, outcomes: right(3) });
    expect((await board()).entries.map(({ id }) => id)).toEqual(["a:grpo:30", "a:sft:5"]);
    expect((await board({ which: "all" })).entries.map(({ id }) => id)).toEqual([
      "a:grpo:30",
      "a:grpo:20",
      "a:grpo:10",
      "a:sft:5",
    ]);
  });

  it("counts a version once, however often and by whatever command it was scored", async () => {
    const run = buildExperiment("a");
    runs.checkpoint(run, "sft", 5, 1);
    runs.checkpoint(run, "grpo", 8, 3);
    runs.scored(run, { stage: "base", outcomes: right(5) });
    runs.scored(run, { stage: "grpo", step: 8, outcomes: right(30) });
    runs.scored(run, { stage: "eval-test", step: 3, outcomes: right(30) });
    runs.scored(run, { stage: "eval-test-4", step: 3, outcomes: right(29) });
    const last = await board();
    expect(shown(last)).toEqual(["a:eval-test-4:3 1/0", "a:base:0 2/0"]);
    expect(last.set?.policies).toBe(2);
    const all = await board({ which: "all" });
    expect(shown(all)).toEqual(["a:eval-test:3 1/0", "a:grpo:8 1/0", "a:eval-test-4:3 1/0", "a:base:0 2/0"]);
    expect(all.set?.policies).toBe(2);
    // Another version is another policy.
    runs.scored(run, { stage: "eval-test", step: 1, outcomes: right(29) });
    expect(shown(await board())).toEqual(["a:eval-test-4:3 1/1", "a:eval-test:1 1/1", "a:base:0 3/0"]);
  });

  it("names the checkpoint, the hashes and the seeds of a policy", async () => {
    const run = buildExperiment("a", { configHash: sha256("seed 1") }, { name: "a" });
    const twin = buildExperiment("b", { configHash: sha256("seed 7") }, { name: "a", seed: 7 });
    runs.scored(run, { stage: "sft", step: 10, outcomes: right(20) });
    runs.run(twin);
    runs.checkpoint(run, "sft", 5, 1);
    runs.checkpoint(run, "sft", 10, 2);
    const [entry] = (await board()).entries;
    expect(entry).toMatchObject({
      version: 2,
      kind: "trained",
      isBaseline: false,
      seeds: [1, 7],
      prompt: "short-v1",
      hashes: {
        checkpoint: sha256("a:sft:10"),
        model: sha256("model"),
        data: sha256("test"),
        prompt: null,
        index: sha256("index"),
        config: sha256("seed 1"),
        scorer: "test-1",
      },
    });
  });

  it("gives every score its interval", async () => {
    const run = buildExperiment("a");
    const outcomes = "1010";
    const category = { n: 2, exactMatch: 0.5, ci95: { low: 0.1, high: 0.9 } };
    const result = { goldRecall: 0.75, goldQuestions: 4, byCategory: { genetics: category } };
    runs.scored(run, { stage: "sft", step: 10, outcomes, result });
    // Tokens and right: (20, 1), (10, 0), (10, 1), (20, 0), of a search more each, a tenth of a second a token.
    const tokens = { x: 60, xx: 1000, xCorrect: 30 };
    const durationMs = { x: 6000, xx: 10_000_000, xCorrect: 3000 };
    const searches = { x: 6, xx: 14, xCorrect: 2 };
    runs.run(run, {
      totals: [
        {
          runId: run.id,
          stage: "sft",
          step: 10,
          purpose: "evaluation",
          trajectories: 4,
          failed: 0,
          sampledTokens: 60,
          searches: 6,
          durationMs: 6000,
          correct: 2,
          stopReasons: {},
          scored: { trajectories: 4, sampledTokens: tokens, searches, durationMs },
        },
      ],
    });
    const [entry] = (await board()).entries;
    expect(entry?.exactMatch).toMatchObject({ value: 0.5, n: 4 });
    expect(entry?.exactMatch.ci95?.low).toBeCloseTo(0.15, 3);
    expect(entry?.tokensPerCorrect).toMatchObject({ value: 30, n: 4 });
    expect(entry?.tokensPerCorrect.ci95?.high).toBeCloseTo(88.1035, 3);
    expect(entry?.secondsPerCorrect.value).toBeCloseTo(3, 12);
    expect(entry?.secondsPerCorrect.ci95?.high).toBeCloseTo(8.81035, 4);
    // 0, 1, 2, 3: mean 1.5, standard deviation 1.29099, Student's t 3.18245 over √4.
    expect(entry?.searchesPerQuestion.value).toBe(1.5);
    expect(entry?.searchesPerQuestion.ci95?.high).toBeCloseTo(1.5 + (3.182446 * 1.290994) / 2, 5);
    // Wilson of 3 of 4.
    expect(entry?.goldRecall.ci95?.low).toBeCloseTo(0.3006, 4);
    expect(entry?.byCategory).toEqual({ genetics: { value: 0.5, n: 2, ci95: { low: 0.1, high: 0.9 } } });
    // Rule of three, of fewer than three questions no bound at all.
    expect(entry?.failureBound).toBe(0.75);
  });

  it("falls back to the means of a result whose trajectories are gone, and counts failures", async () => {
    const outcomes = "110-";
    const result = { goldRecall: null, sampledTokens: 12 };
    runs.scored(buildExperiment("a"), { stage: "sft", outcomes, result });
    const [entry] = (await board()).entries;
    expect(entry).toMatchObject({ failed: 1, failureBound: null, goldRecall: { value: null, n: 0, ci95: null } });
    expect(entry?.tokensPerCorrect).toEqual({ value: 18, n: 3, ci95: null });
    expect(entry?.secondsPerCorrect).toEqual({ value: null, n: 3, ci95: null });
  });

  it("does not know the n of gold recall where the result does not say it", async () => {
    const result: object = { goldRecall: 0.5, goldQuestions: undefined };
    runs.scored(buildExperiment("a"), { stage: "sft", outcomes: "110-", result });
    expect((await board()).entries[0]?.goldRecall).toEqual({ value: 0.5, n: null, ci95: null });
  });

  it.each([
    ["over the questions whose samples were all scored", { failed: 2, completeQuestions: 2 }, { value: 0.5, n: 2 }],
    ["of an older result whose samples were all scored", { failed: 0 }, { value: 0.5, n: 4 }],
    ["not where an older result does not say over which", { failed: 2 }, { value: null, n: 0, ci95: null }],
  ])("gives pass at k %s", async (_, counted, passAtK) => {
    const sampled = { k: 2, n: 4, exactMatch: 0.25, ci95: { low: 0.1, high: 0.6 }, passAtK: 0.5, ...counted };
    runs.scored(buildExperiment("a"), { stage: "sft", outcomes: "1000", result: { sampled } });
    const [entry] = (await board()).entries;
    expect(entry?.sampled).toMatchObject({ failed: counted.failed, exactMatch: { n: 4 }, passAtK });
  });

  it("sorts with what has no value last either way, and pages", async () => {
    const tokens = { a: 10, b: 30, c: null, d: 20 };
    for (const [id, sampledTokens] of Object.entries(tokens))
      runs.scored(buildExperiment(id), { stage: "sft", outcomes: "11", result: { sampledTokens } });
    const order = async (query: Partial<LeaderboardQuery>): Promise<string> =>
      (await board({ sort: "tokensPerCorrect", ...query })).entries.map(({ runId }) => runId).join("");
    expect(await order({ order: "ascending" })).toBe("adbc");
    expect(await order({ order: "descending" })).toBe("bdac");
    expect(await order({ order: "descending", offset: 1, limit: 2 })).toBe("da");
  });

  it("leaves out what is no result of any version, and stands any text", async () => {
    const run = buildExperiment("a", { name: "<script>alert(1)</script>" });
    runs.scored(run, { stage: "sft", outcomes: "10" });
    const place = { runId: run.id, step: 0, split: "test" };
    const [sound] = (await runs.reads().catalogue())[0]?.evaluations ?? [];
    const odd = { ...place, stage: "odd", result: { accuracy: 0.5 } };
    runs.run(run, { evaluations: [sound!, odd, { ...place, stage: "none", result: null }] });
    runs.run(buildExperiment("bare", { config: null, manifest: {} }));
    const { entries } = await board();
    expect(entries.map(({ runName, stage }) => [runName, stage])).toEqual([["<script>alert(1)</script>", "sft"]]);
  });
});
