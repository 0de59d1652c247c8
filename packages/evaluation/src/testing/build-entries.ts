import { problemId, recordId, type Failure, type Problem, type Reward, type StoredTrajectory } from "@litmus/core";
import { buildProblem, buildStoredTrajectory, buildTrajectory } from "@litmus/testing";

/** A reward of the verifier's shape. */
export function rewardOf(exactMatch: 0 | 1, format: 0 | 1 = 1): Reward {
  const components = [
    { name: "exactMatch", score: exactMatch, weight: 1, detail: '"CFTR" as "cftr": matches "CFTR"' },
    { name: "format", score: format, weight: 0.1, detail: '"CFTR" is a well-formed answer' },
  ];
  return { components, total: exactMatch + 0.1 * format, scorer: "test-1" };
}

/** Problems p0, p1, … with gold record 100. */
export function problemsOf(count: number, overrides: Partial<Problem> = {}): Problem[] {
  return Array.from({ length: count }, (_, i) => buildProblem({ id: problemId(`p${i}`), ...overrides }));
}

/** A scored episode of a problem, or one that failed at retrieval where the score is null. */
export function entryOf(
  problem: Problem,
  score: 0 | 1 | null,
  place: { group?: number; member?: number } = {},
): StoredTrajectory {
  const failure: Failure = {
    boundary: "retrieval",
    code: "search-timed-out",
    message: "no answer within 5 s",
    retryable: true,
  };
  const trajectory =
    score === null ? buildTrajectory({ outcome: { type: "failed", failure }, answer: null }) : buildTrajectory();
  const key = { purpose: "evaluation" as const, stage: "base", group: place.group ?? 0, member: place.member ?? 0 };
  return buildStoredTrajectory({
    key,
    problemId: problem.id,
    trajectory,
    reward: score === null ? null : rewardOf(score),
  });
}

/** One shown hit. */
export const hitOf = (id: string, shownText: string) => ({
  recordId: recordId(id),
  rank: 1,
  score: 1,
  title: "Title",
  shownText,
  cut: false,
});
