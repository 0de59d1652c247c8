import type { Attempt, Ending, ProblemInfo } from "@litmus/api";
import type { Problem, ProblemId, RunId, StoredProblem, TrajectorySummary } from "@litmus/core";
import type { StoreReads } from "./store-reads.ts";

/** A trajectory as a row of a list. @param problem null where it is not known, as of questions that were asked */
export function attemptOf(summary: TrajectorySummary, problem: Problem | null): Attempt {
  const { id, key, usage, searches } = summary;
  return {
    trajectoryId: id,
    ...key,
    version: summary.policyVersion,
    problemId: summary.problemId,
    question: problem?.question ?? "",
    answer: summary.answer,
    reward: summary.rewardTotal,
    exactMatch: exactMatchOf(summary),
    ending: endingOf(summary),
    queries: searches.map(({ query }) => query),
    foundGold: showsGold(
      searches.flatMap(({ recordIds }) => recordIds),
      problem,
    ),
    searches: usage.searches,
    sampledTokens: usage.sampledTokens,
    durationMs: summary.durationMs,
    startedAt: summary.startedAt,
  };
}

/** 1 for a right answer, else 0; null where nothing was scored. */
export const exactMatchOf = ({ components }: Pick<TrajectorySummary, "components">): number | null =>
  components.find(({ name }) => name === "exactMatch")?.score ?? null;

/** Whether a gold record is among those that were shown; null where none is known. */
export function showsGold(shown: readonly string[], problem: Pick<Problem, "goldRecordIds"> | null): boolean | null {
  const gold: readonly string[] = problem?.goldRecordIds ?? [];
  return gold.length === 0 ? null : shown.some((id) => gold.includes(id));
}

/** Why it ended, or what failed: the episode or its scoring. */
export function endingOf({ outcome, rewardFailure }: Pick<TrajectorySummary, "outcome" | "rewardFailure">): Ending {
  const failure = outcome.type === "failed" ? outcome.failure : rewardFailure;
  if (failure === null) return outcome as Ending;
  const { boundary, code, message } = failure;
  return { type: "failed", boundary, code, message };
}

/** A problem for people. */
export const problemInfo = ({ id, split, question, category, isParaphrased, ...rest }: StoredProblem): ProblemInfo => ({
  id,
  split,
  question,
  goldenAnswers: [...rest.goldenAnswers],
  goldRecordIds: [...rest.goldRecordIds],
  category,
  isParaphrased,
});

/** Up to so many problems are read one by one. */
const fewProblems = 100;

/** Problems of a run by id, those that are asked for. */
export async function problemsById(
  reads: StoreReads,
  runId: RunId,
  wanted: Iterable<ProblemId | null>,
): Promise<ReadonlyMap<ProblemId, Problem>> {
  const ids = [...new Set(wanted)].filter((id) => id !== null);
  const found =
    ids.length > fewProblems
      ? await allProblems(reads, runId)
      : await Promise.all(ids.map((id) => reads.store.problem(runId, id)));
  return new Map(found.flatMap((problem) => (problem === null ? [] : [[problem.id, problem]])));
}

/** All problems of a run, by id. */
export const allProblems = (reads: StoreReads, runId: RunId): Promise<readonly StoredProblem[]> =>
  reads.remember(runId, "problems", () => reads.store.problems(runId));
