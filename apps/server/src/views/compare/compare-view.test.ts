import { comparisonSchema, compareQuery, type Comparison } from "@litmus/api";
import { problemId, runId, type RunId, type StoredTrajectory } from "@litmus/core";
import { gain, type EvaluationResult } from "@litmus/evaluation";
import { buildProblem, buildStoredTrajectory, buildTrajectory } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { evaluationOf, metricsAt, runOf } from "../testing/build-rows.ts";
import { readsOf, type Rows } from "../testing/reads-of.ts";
import { compareView } from "./compare-view.ts";

const [one, two] = [runId("one"), runId("two")];
const before = [1, 0, 0, null, 1] as const;
const after = [0, 1, 1, 1, 1] as const;

const problemsOf = (run: RunId) =>
  before.map((_, i) => ({
    ...buildProblem({ id: problemId(`p${i}`), question: `Question ${i}?`, category: i === 2 ? "genes" : null }),
    split: "test",
    runId: run,
  }));

/** Episodes of an evaluation, in the order of its questions; answers say where they are from. */
const episodesOf = (
  run: RunId,
  stage: string,
  step: number,
  { purpose = "evaluation" as const as "evaluation" | "evaluation-sampled", member = 0 } = {},
): StoredTrajectory[] =>
  before.map((_, group) =>
    buildStoredTrajectory({
      key: { runId: run, stage, step, purpose, group, member },
      problemId: problemId(`p${group}`),
      trajectory: buildTrajectory({ answer: `${run} ${stage} ${group} ${member}` }),
    }),
  );

const rows: Partial<Rows> = {
  runs: [runOf("one"), runOf("two", { set: ["seed=2", "stages.1.steps=9"] })],
  problems: [...problemsOf(one), ...problemsOf(two)],
  evaluations: [
    evaluationOf(one, { stage: "grpo", step: 3 }, after),
    evaluationOf(one, { stage: "base", step: 0 }, before),
    evaluationOf(two, { stage: "grpo", step: 9 }, after),
  ],
  trajectories: [...episodesOf(one, "base", 0), ...episodesOf(one, "grpo", 3), ...episodesOf(two, "grpo", 9)],
  metrics: metricsAt(one, { stage: "grpo", step: 1 }, { reward: 1 }),
};

async function viewOf(query: Record<string, string>, some: Partial<Rows> = rows): Promise<Comparison> {
  const view = await compareView(readsOf(some), compareQuery.parse(query));
  expect(comparisonSchema.parse(view)).toEqual(view);
  return view;
}

const pair = { from: "one:base:0", to: "one:grpo:3" };

describe("compareView", () => {
  it("shows only what differs between the configs, and what can be paired", async () => {
    const view = await viewOf({ runs: "one,two" });
    expect(view.differences).toEqual([
      { path: "seed", values: ["1", "2"] },
      { path: "stages.1.steps", values: ["3", "9"] },
    ]);
    expect(view.choices.map(({ id, version }) => [id, version])).toEqual([
      ["one:base:0", 0],
      ["one:grpo:3", null],
      ["two:grpo:9", null],
    ]);
    expect(view.metrics.map(({ name }) => name)).toContain("reward");
    expect([view.paired, view.unpaired]).toEqual([null, null]);
    expect((await viewOf({})).runs).toEqual([]);
  });

  it("says which runs differ from each in the seed alone, compared or not", async () => {
    const seed = (id: string, value: number) => runOf(id, { set: [`seed=${value}`] });
    const runs = [
      seed("three", 3),
      seed("two", 2),
      ...(rows.runs ?? []).slice(0, 1),
      runOf("other", { set: ["stages.1.steps=9"] }),
    ];
    const { seeds } = await viewOf({ runs: "two,other" }, { ...rows, runs });
    expect(seeds).toEqual({ two: ["one", "two", "three"], other: ["other"] });
  });

  it("pairs question by question, with both trajectories", async () => {
    const { paired } = await viewOf(pair);
    expect(paired).toMatchObject({ n: 4, wins: 2, losses: 1, ties: 1, unscored: 1, total: 5 });
    const expected = gain({
      from: { stage: "base", step: 0, result: rows.evaluations?.[1]?.result as EvaluationResult },
      to: { stage: "grpo", step: 3, result: rows.evaluations?.[0]?.result as EvaluationResult },
      measure: "greedy",
    });
    expect(paired).toMatchObject({ difference: 0.25, ci95: expected.ci95, isGain: expected.isGain });
    expect(paired?.sentence).toContain("GRPO changed greedy exact match against base by +0.250");
    expect(paired?.questions[1]).toEqual({
      problemId: "p1",
      question: "Question 1?",
      category: null,
      goldenAnswers: ["CFTR"],
      from: { score: 0, answer: "one base 1 0", trajectoryId: rows.trajectories?.[1]?.id },
      to: { score: 1, answer: "one grpo 1 0", trajectoryId: rows.trajectories?.[6]?.id },
      outcome: "win",
    });
  });

  it("filters and pages", async () => {
    const ids = async (query: Record<string, string>) =>
      (await viewOf({ ...pair, ...query })).paired?.questions.map((question) => question.problemId);
    expect(await ids({ outcome: "win" })).toEqual(["p1", "p2"]);
    expect(await ids({ outcome: "unscored" })).toEqual(["p3"]);
    expect(await ids({ search: "GENES" })).toEqual(["p2"]);
    expect(await ids({ search: "base 4" })).toEqual(["p4"]);
    expect(await ids({ offset: "1", limit: "2" })).toEqual(["p1", "p2"]);
  });

  it("names the runs where they are two, by the names that they have everywhere", async () => {
    const { paired, runs, choices } = await viewOf({ from: "one:grpo:3", to: "two:grpo:9" });
    expect(runs.map(({ id }) => id)).toEqual(["one", "two"]);
    expect(paired?.sentence).toContain(
      "GRPO step 9 of tiny, seed 2 (test) changed greedy exact match against GRPO step 3 of tiny, seed 1 (test)",
    );
    expect(choices.map(({ label }) => label)).toEqual([
      "base of tiny, seed 1 (test)",
      "grpo step 3 of tiny, seed 1 (test)",
      "grpo step 9 of tiny, seed 2 (test)",
    ]);
  });

  it("pairs the means over samples, and shows the first of them", async () => {
    const sampled = (values: readonly (number | null)[]): Partial<EvaluationResult> => ({
      perQuestion: values.map((value, i) => ({ problemId: problemId(`p${i}`), greedy: 0, sampled: value })),
    });
    const evaluations = [
      evaluationOf(one, { stage: "base", step: 0 }, before, sampled([0.25, 0.5, null])),
      evaluationOf(one, { stage: "grpo", step: 3 }, after, sampled([0.5, 0.5, 1])),
    ];
    const samples = [1, 0].flatMap((member) => episodesOf(one, "base", 0, { purpose: "evaluation-sampled", member }));
    const { paired } = await viewOf({ ...pair, measure: "sampled" }, { ...rows, evaluations, trajectories: samples });
    expect(paired).toMatchObject({ n: 2, difference: 0.125, wins: 1, ties: 1, unscored: 1 });
    expect(paired?.questions[0]).toMatchObject({
      from: { score: 0.25, answer: "one base 0 0" },
      to: { score: 0.5, trajectoryId: null },
    });
  });

  it.each([
    ["There is no evaluation one:sft:4.", { from: "one:sft:4" }, {}],
    ["They were scored by different rules, test-1 and test-2: such scores are not compared.", {}, { scorer: "test-2" }],
    [
      "They have no question in common.",
      {},
      { perQuestion: [{ problemId: problemId("q"), greedy: 1 as const, sampled: null }] },
    ],
  ])("says %j", async (reason, query, result) => {
    const evaluations = [
      evaluationOf(one, { stage: "base", step: 0 }, before),
      evaluationOf(one, { stage: "grpo", step: 3 }, after, result),
    ];
    expect(await viewOf({ ...pair, ...query }, { ...rows, evaluations })).toMatchObject({
      paired: null,
      unpaired: reason,
    });
  });

  it("does not pair other questions under the same ids", async () => {
    const problems = [
      ...problemsOf(one),
      ...problemsOf(two).map((problem) => ({ ...problem, question: `${problem.question}!` })),
    ];
    const view = await viewOf({ from: "one:grpo:3", to: "two:grpo:9" }, { ...rows, problems });
    expect(view).toMatchObject({ paired: null, unpaired: "They ask different questions under the same ids." });
  });

  it("knows no run that is not there", async () => {
    await expect(compareView(readsOf(rows), compareQuery.parse({ runs: "absent" }))).rejects.toMatchObject({
      code: "not-found",
    });
  });
});
