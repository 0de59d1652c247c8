import { runId, type EvaluationRecord, type MetricRecord, type Problem } from "@litmus/core";
import { summarizeEvaluation } from "@litmus/evaluation";
import { buildReward, buildStoredTrajectory } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { tinyConfig } from "../testing/build-context.ts";
import { tinyProblems } from "../testing/tiny-world.ts";
import { storedResult } from "./stored-result.ts";

const id = runId("stored");
const problems = tinyProblems.slice(0, 4);

/** One entry a problem, the first `right` of them right. */
const entriesFor = (right: number, all: readonly Problem[], scorer: string) =>
  all.map((problem, group) => {
    const components = [{ name: "exactMatch", score: group < right ? 1 : 0, weight: 1, detail: "" }];
    return buildStoredTrajectory({
      key: { group },
      problemId: problem.id,
      reward: buildReward({ components, scorer }),
    });
  });

interface Scored {
  readonly right: number;
  readonly sampledRight?: number;
  readonly split?: string;
  readonly scorer?: string;
}

function evaluation(
  stage: string,
  step: number,
  { right, sampledRight, split = "test", scorer = "test-1" }: Scored,
): EvaluationRecord {
  const sampled = sampledRight === undefined ? null : entriesFor(sampledRight, problems, scorer);
  const result = summarizeEvaluation({ problems, greedy: entriesFor(right, problems, scorer), sampled, k: 1 });
  return { runId: id, stage, step, split, result };
}

const resultOf = (evaluations: EvaluationRecord[], metrics: MetricRecord[] = [], overrides: string[] = []) =>
  storedResult({
    store: { evaluations: async () => evaluations, metrics: async () => metrics },
    runId: id,
    config: tinyConfig(overrides),
  });

describe("storedResult", () => {
  it("puts the evaluations of the run's own split in the order of its stages", async () => {
    const { evaluations } = await resultOf([
      evaluation("grpo", 2, { right: 3 }),
      evaluation("eval-validation", 2, { right: 4, split: "validation" }),
      evaluation("grpo", 1, { right: 2 }),
      evaluation("base", 0, { right: 0 }),
      evaluation("sft", 4, { right: 1 }),
      evaluation("sft", 4, { right: 4, split: "validation" }),
    ]);
    expect(evaluations.map(({ stage, step, result }) => [stage, step, result.exactMatch])).toEqual([
      ["base", 0, 0],
      ["sft", 4, 0.25],
      ["grpo", 1, 0.5],
      ["grpo", 2, 0.75],
    ]);
  });

  it("compares the last evaluation of each stage with that of the stage before", async () => {
    const { gains } = await resultOf([
      evaluation("base", 0, { right: 0, sampledRight: 0 }),
      evaluation("sft", 4, { right: 1, sampledRight: 2 }),
      evaluation("grpo", 1, { right: 0, sampledRight: 0 }),
      evaluation("grpo", 2, { right: 4 }),
    ]);
    expect(gains.map(({ from, to, measure, difference, n }) => [from, to, measure, difference, n])).toEqual([
      ["base", "sft", "greedy", 0.25, 4],
      ["base", "sft", "sampled", 0.5, 4],
      ["sft", "grpo", "greedy", 0.75, 4],
    ]);
  });

  it("refuses to compare what different scorers said", async () => {
    const records = [evaluation("base", 0, { right: 0 }), evaluation("sft", 4, { right: 1, scorer: "test-2" })];
    await expect(resultOf(records)).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("reads the steps that are done back from the metrics", async () => {
    const metric = (step: number, name: string, value: number): MetricRecord => ({
      runId: id,
      stage: "grpo",
      step,
      name,
      value,
    });
    const { steps } = await resultOf(
      [],
      [
        metric(2, "reward", 0.5),
        metric(2, "tokens", 70),
        metric(1, "reward", 0.25),
        metric(1, "meanKl", 0.001),
        metric(3, "loss", 1),
      ],
      ["stages.1.steps=3"],
    );
    expect(steps).toMatchObject([
      { step: 1, reward: 0.25, meanKl: 0.001, tokens: 0 },
      { step: 2, reward: 0.5, meanKl: null, tokens: 70 },
    ]);
    expect(steps).toHaveLength(2);
  });

  it("has nothing to say of a run that was killed at once", async () => {
    expect(await resultOf([])).toEqual({ evaluations: [], gains: [], steps: [] });
  });
});
