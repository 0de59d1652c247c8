import { median, wilsonInterval } from "@litmus/algorithms";
import { LitmusError, type Problem, type StoredTrajectory } from "@litmus/core";
import { containsAnswer } from "@litmus/reward";
import type { EvaluationResult, QuestionScore, SampledScore, Score } from "./evaluation-result.ts";
import { groupByProblem } from "./group-by-problem.ts";
import { countNames, meanOrNull, scoreOf } from "./score-of.ts";

export interface EvaluationInput {
  readonly problems: readonly Problem[];
  /** One trajectory a problem. */
  readonly greedy: readonly StoredTrajectory[];
  /** k trajectories a problem, or null where only the greedy policy was asked. */
  readonly sampled: readonly StoredTrajectory[] | null;
  readonly k: number;
}

interface Asked {
  readonly problem: Problem;
  readonly entry: StoredTrajectory;
  readonly exactMatch: number | null;
}

/**
 * Scores of a policy from its stored trajectories alone. Failed episodes are counted apart and never scored 0.
 * @throws LitmusError `invalid-input` when trajectories are missing, doubled or foreign, or scorers differ
 */
export function summarizeEvaluation(input: EvaluationInput): EvaluationResult {
  const { problems, k } = input;
  const greedy = groupByProblem(problems, input.greedy, 1).flat();
  const sampled = input.sampled === null ? null : groupByProblem(problems, input.sampled, k);
  const asked = problems.map((problem, i): Asked => askedOf(problem, greedy[i]));
  const scored = asked.filter(({ exactMatch }) => exactMatch !== null);
  const sampledMeans = sampled?.map((group) => meanOrNull(scoresOf(group))) ?? [];
  return {
    ...scoreOfQuestions(scored),
    failed: asked.length - scored.length,
    sampled: sampled === null ? null : summarizeSamples(sampled, k),
    ...episodeMeans(scored),
    stopReasons: countNames(scored.map(({ entry }) => stopReasonOf(entry))),
    failures: countNames(asked.filter(({ exactMatch }) => exactMatch === null).map(({ entry }) => failureOf(entry))),
    byCategory: scoresBy(scored, ({ category }) => category ?? "uncategorised"),
    byParaphrase: scoresBy(scored, ({ isParaphrased }) =>
      isParaphrased === null ? null : isParaphrased ? "paraphrased" : "original",
    ),
    scorer: onlyScorer([...greedy, ...(sampled?.flat() ?? [])]),
    perQuestion: asked.map(({ problem, exactMatch }, i) => questionScore(problem, exactMatch, sampledMeans[i] ?? null)),
  };
}

function askedOf(problem: Problem, entry: StoredTrajectory | undefined): Asked {
  if (entry === undefined) throw new LitmusError("bug", `problem ${problem.id} lost its trajectory`);
  return { problem, entry, exactMatch: scoreOf(entry, "exactMatch") };
}

function questionScore(problem: Problem, exactMatch: number | null, sampled: number | null): QuestionScore {
  return { problemId: problem.id, greedy: exactMatch === null ? null : exactMatch === 1 ? 1 : 0, sampled };
}

const scoresOf = (entries: readonly StoredTrajectory[]): number[] =>
  entries.map((entry) => scoreOf(entry, "exactMatch")).filter((score) => score !== null);

function scoreOfQuestions(scored: readonly Asked[]): Score {
  const right = scored.filter(({ exactMatch }) => exactMatch === 1).length;
  const n = scored.length;
  return { n, exactMatch: n === 0 ? null : right / n, ci95: wilsonInterval(right, n) };
}

function scoresBy(scored: readonly Asked[], keyOf: (problem: Problem) => string | null): Record<string, Score> {
  const keys = [...new Set(scored.map(({ problem }) => keyOf(problem)))].filter((key) => key !== null).sort();
  return Object.fromEntries(
    keys.map((key) => [key, scoreOfQuestions(scored.filter(({ problem }) => keyOf(problem) === key))]),
  );
}

function summarizeSamples(groups: readonly (readonly StoredTrajectory[])[], k: number): SampledScore {
  const scores = groups.map(scoresOf);
  const means = scores.map(meanOrNull).filter((mean) => mean !== null);
  const complete = scores.filter((group) => group.length === k && k > 0);
  const total = means.reduce((sum, mean) => sum + mean, 0);
  return {
    k,
    n: means.length,
    failed: groups.flat().length - scores.flat().length,
    exactMatch: meanOrNull(means),
    ci95: wilsonInterval(Math.min(total, means.length), means.length),
    passAtK: meanOrNull(complete.map((group) => (group.includes(1) ? 1 : 0))),
    completeQuestions: complete.length,
  };
}

function episodeMeans(
  scored: readonly Asked[],
): Pick<
  EvaluationResult,
  | "format"
  | "searchesPerEpisode"
  | "goldRecall"
  | "goldQuestions"
  | "answerInObservation"
  | "sampledTokens"
  | "medianAnswerWords"
> {
  const entries = scored.map(({ entry }) => entry);
  const withGold = scored.filter(({ problem }) => problem.goldRecordIds.length > 0);
  const words = entries.flatMap(({ trajectory: { answer } }) =>
    answer === null ? [] : [answer.split(/\s+/u).filter(Boolean).length],
  );
  return {
    format: meanOrNull(entries.map((entry) => scoreOf(entry, "format") ?? 0)),
    searchesPerEpisode: meanOrNull(entries.map(({ trajectory }) => trajectory.usage.searches)),
    goldRecall: meanOrNull(withGold.map((asked) => (showsGold(asked) ? 1 : 0))),
    goldQuestions: withGold.length,
    answerInObservation: meanOrNull(scored.map((asked) => (showsAnswer(asked) ? 1 : 0))),
    sampledTokens: meanOrNull(entries.map(({ trajectory }) => trajectory.usage.sampledTokens)),
    medianAnswerWords: words.length === 0 ? null : median(words),
  };
}

const shownHits = (entry: StoredTrajectory) => entry.trajectory.turns.flatMap((turn) => turn.search?.hits ?? []);

const showsGold = ({ problem, entry }: Asked): boolean =>
  shownHits(entry).some((hit) => problem.goldRecordIds.includes(hit.recordId));

const showsAnswer = ({ problem, entry }: Asked): boolean =>
  shownHits(entry).some((hit) => containsAnswer(`${hit.title}\n${hit.shownText}`, problem.goldenAnswers));

const stopReasonOf = ({ trajectory: { outcome } }: StoredTrajectory): string =>
  outcome.type === "stopped" ? outcome.reason : outcome.failure.code;

/** `boundary/code` of what kept an entry from being scored. */
export function failureOf({ trajectory, rewardFailure }: StoredTrajectory): string {
  const failure = trajectory.outcome.type === "failed" ? trajectory.outcome.failure : rewardFailure;
  return failure === null ? "reward/not-scored" : `${failure.boundary}/${failure.code}`;
}

function onlyScorer(entries: readonly StoredTrajectory[]): string | null {
  const scorers = new Set(entries.flatMap(({ reward }) => (reward === null ? [] : [reward.scorer])));
  if (scorers.size > 1)
    throw new LitmusError(
      "invalid-input",
      `scores of different scorers cannot be one score: ${[...scorers].join(", ")}`,
    );
  return [...scorers][0] ?? null;
}
