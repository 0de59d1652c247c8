import type { Attempt, Ending, ProblemInfo } from "@litmus/api";
import type { Problem, RunId, StoredProblem, TrajectorySummary } from "@litmus/core";
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
    reward: finite(summary.rewardTotal),
    exactMatch: exactMatchOf(summary),
    ending: endingOf(summary),
    queries: searches.map(({ query }) => query),
    foundGold: showsGold(
      searches.flatMap(({ recordIds }) => recordIds),
      problem,
    ),
    searches: finite(usage.searches),
    sampledTokens: finite(usage.sampledTokens),
    durationMs: finite(summary.durationMs),
    startedAt: summary.startedAt,
  };
}

/** A record may hold any number: null stands for one that is not finite, which JSON cannot carry. */
export const finite = (value: number | null | undefined): number | null =>
  Number.isFinite(value) ? (value ?? null) : null;

/** 1 for a right answer, else 0; null where nothing was scored. */
export const exactMatchOf = ({ components }: Pick<TrajectorySummary, "components">): number | null =>
  finite(components.find(({ name }) => name === "exactMatch")?.score);

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

/** All problems of a run, in the order of their ids. */
export const allProblems = (reads: StoreReads, runId: RunId): Promise<readonly StoredProblem[]> =>
  reads.remember(runId, "problems", () => reads.store.problems(runId));
