import { buildTrajectory } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { entryOf, hitOf, problemsOf, rewardOf } from "./testing/build-entries.ts";
import { gain, summarizeEvaluation, type EvaluationResult } from "./index.ts";

type Scores = readonly (0 | 1 | null)[];

function evaluate(
  greedy: Scores,
  sampled: readonly Scores[] | null = null,
  problems = problemsOf(greedy.length),
): EvaluationResult {
  return summarizeEvaluation({
    problems,
    greedy: problems.map((problem, group) => entryOf(problem, greedy[group] ?? null, { group })),
    sampled:
      sampled === null
        ? null
        : problems.flatMap((problem, group) =>
            (sampled[group] ?? []).map((score, member) => entryOf(problem, score, { group, member })),
          ),
    k: sampled?.[0]?.length ?? 0,
  });
}

describe("summarizeEvaluation", () => {
  it("leaves failed episodes out and counts them", () => {
    const result = evaluate([1, 0, null, 1]);
    expect(result).toMatchObject({
      n: 3,
      failed: 1,
      exactMatch: 2 / 3,
      scorer: "test-1",
      format: 1,
      searchesPerEpisode: 1,
      sampledTokens: 6,
    });
    expect(result.ci95.low).toBeCloseTo(0.2077, 4);
    expect(result.ci95.high).toBeCloseTo(0.9385, 4);
    expect(result.failures).toEqual({ "retrieval/search-timed-out": 1 });
    expect(result.stopReasons).toEqual({ completed: 3 });
    expect(result.perQuestion.map(({ greedy }) => greedy)).toEqual([1, 0, null, 1]);
    expect(result.medianAnswerWords).toBe(1);
  });
  it("says nothing where nothing was scored: no zero stands for a failure", () => {
    const result = evaluate([null, null]);
    expect(result).toMatchObject({
      n: 0,
      failed: 2,
      exactMatch: null,
      ci95: { low: 0, high: 1 },
      format: null,
      scorer: null,
      goldRecall: null,
    });
    expect(evaluate([]).n).toBe(0);
  });
  it("takes sampled scores question by question", () => {
    const { sampled, perQuestion } = evaluate(
      [0, 0, 0],
      [
        [1, 0],
        [null, 1],
        [0, 0],
      ],
    );
    expect(sampled).toMatchObject({ k: 2, n: 3, failed: 1, exactMatch: 0.5, passAtK: 0.5, completeQuestions: 2 });
    expect(perQuestion.map((question) => question.sampled)).toEqual([0.5, 1, 0]);
    expect(evaluate([0], [[null, null]]).sampled).toMatchObject({ n: 0, failed: 2, exactMatch: null, passAtK: null });
    expect(evaluate([0]).sampled).toBeNull();
  });
  it("counts gold records and golden answers among what was shown, as the policy saw it", () => {
    const [known, unknown] = problemsOf(2);
    const problems = [known!, { ...unknown!, goldRecordIds: [] }];
    const entries = problems.map((problem, group) => entryOf(problem, 0, { group }));
    const shown = (text: string) => {
      const trajectory = buildTrajectory();
      const [turn] = trajectory.turns;
      return { ...trajectory, turns: [{ ...turn!, search: { ...turn!.search!, hits: [hitOf("7", text)] } }] };
    };
    const asShown = (text: string) =>
      summarizeEvaluation({
        problems,
        greedy: [{ ...entries[0]!, trajectory: shown(text) }, entries[1]!],
        sampled: null,
        k: 0,
      });
    expect(asShown("CFTRs are not it")).toMatchObject({ goldRecall: 0, goldQuestions: 1, answerInObservation: 0.5 });
    expect(asShown("the CFTR gene")).toMatchObject({ goldRecall: 0, answerInObservation: 1 });
    expect(evaluate([0]).goldRecall).toBe(1);
  });
  it("splits by category and paraphrase", () => {
    const problems = [
      ...problemsOf(2, { category: "genetics", isParaphrased: true }),
      { ...problemsOf(3)[2]!, isParaphrased: false },
    ];
    const result = evaluate([1, 0, 1], null, problems);
    expect(result.byCategory).toMatchObject({
      genetics: { n: 2, exactMatch: 0.5 },
      uncategorised: { n: 1, exactMatch: 1 },
    });
    expect(result.byParaphrase).toMatchObject({ original: { n: 1 }, paraphrased: { n: 2 } });
    expect(Object.keys(evaluate([1], null, problemsOf(1, { category: "__proto__" })).byCategory)).toEqual([
      "__proto__",
    ]);
  });
  it("refuses sets that do not add up, and mixed scorers", () => {
    const [one, two] = problemsOf(2);
    const greedy = [entryOf(one!, 1)];
    const input = { problems: [one!], greedy, sampled: null, k: 0 };
    expect(() => summarizeEvaluation({ ...input, problems: [one!, two!] })).toThrow("has 0 trajectories");
    expect(() => summarizeEvaluation({ ...input, greedy: [...greedy, entryOf(two!, 1)] })).toThrow(
      "belongs to no problem",
    );
    expect(() => summarizeEvaluation({ ...input, greedy: [...greedy, ...greedy] })).toThrow("has 2 trajectories");
    expect(() => summarizeEvaluation({ ...input, problems: [one!, one!] })).toThrow("twice");
    expect(() => summarizeEvaluation({ ...input, sampled: [], k: 4 })).toThrow("where 4 were expected");
    const other = { ...entryOf(two!, 1, { group: 1 }), reward: { ...rewardOf(1), scorer: "test-2" } };
    expect(() => summarizeEvaluation({ ...input, problems: [one!, two!], greedy: [...greedy, other] })).toThrow(
      "different scorers",
    );
  });
  it("is plain JSON", () => {
    const result = evaluate(
      [1, null],
      [
        [1, 0],
        [0, null],
      ],
    );
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});

describe("gain", () => {
  const at = (stage: string, result: EvaluationResult) => ({ stage, step: 0, result });
  const repeated = (score: 0 | 1, n: number): (0 | 1)[] => Array.from({ length: n }, () => score);

  it("pairs the questions that both were scored on", () => {
    const [before, after] = [evaluate([0, 1, null, 0]), evaluate([1, 1, 1, null])];
    expect(gain({ from: at("base", before), to: at("sft", after), measure: "greedy" })).toMatchObject({
      from: "base",
      to: "sft",
      measure: "greedy",
      n: 2,
      difference: 0.5,
      isGain: false,
    });
  });
  it("calls a gain only what lies above 0 with its whole interval", () => {
    const compare = (a: (0 | 1)[], b: (0 | 1)[]) =>
      gain({ from: at("a", evaluate(a)), to: at("b", evaluate(b)), measure: "greedy" });
    expect(compare(repeated(0, 40), [...repeated(1, 20), ...repeated(0, 20)]).isGain).toBe(true);
    expect(compare(repeated(0, 40), [...repeated(1, 1), ...repeated(0, 39)]).isGain).toBe(false);
    expect(compare([...repeated(1, 20), ...repeated(0, 20)], repeated(0, 40)).isGain).toBe(false);
    expect(compare([], [])).toMatchObject({ n: 0, difference: null, ci95: null, isGain: false });
  });
  it("compares sampled means, and refuses scores of two scorers", () => {
    const [before, after] = [evaluate([0], [[0, 0]]), evaluate([0], [[1, 0]])];
    expect(gain({ from: at("a", before), to: at("b", after), measure: "sampled" })).toMatchObject({
      n: 1,
      difference: 0.5,
      ci95: null,
    });
    expect(() =>
      gain({ from: at("a", before), to: at("b", { ...after, scorer: "test-2" }), measure: "greedy" }),
    ).toThrow("cannot compare");
  });
});
