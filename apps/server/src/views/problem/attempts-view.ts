import type { AttemptList, AttemptsQuery } from "@litmus/api";
import type { ProblemId, RunId, SummaryFilter, TrajectorySummary } from "@litmus/core";
import { allProblems, attemptOf, exactMatchOf } from "../attempt.ts";
import { knownRun } from "../known-run.ts";
import { failureName, failureOfSummary } from "../run/run-failures.ts";
import type { StoreReads } from "../store-reads.ts";

/** Trajectories of a run, those that are asked for. @throws LitmusError `not-found` when there is no such run */
export async function attemptsView(reads: StoreReads, runId: RunId, query: AttemptsQuery): Promise<AttemptList> {
  await knownRun(reads, runId);
  const { offset, limit } = query;
  const { page, total } = isOfKeys(query)
    ? await pageOfKeys(reads, runId, query)
    : await pageOfOutcomes(reads, runId, query);
  const problems = new Map((await allProblems(reads, runId)).map((problem) => [problem.id, problem]));
  const attempts = page.map((summary) =>
    attemptOf(summary, summary.problemId === null ? null : (problems.get(summary.problemId) ?? null)),
  );
  return { attempts, total, offset, limit };
}

interface Found {
  readonly page: readonly TrajectorySummary[];
  readonly total: number;
}

/** Whether the store finds the page by itself. */
const isOfKeys = ({ outcome, failure }: AttemptsQuery): boolean => outcome === undefined && failure === undefined;

async function pageOfKeys(reads: StoreReads, runId: RunId, query: AttemptsQuery): Promise<Found> {
  const filter = filterOf(runId, query);
  const keys = await reads.remember(
    runId,
    `keys ${JSON.stringify(filter)}`,
    async () => (await reads.store.rolloutKeys(filter)).length,
  );
  const { offset, limit } = query;
  return { page: await reads.store.summaries(filter, { offset, limit }), total: keys };
}

async function pageOfOutcomes(reads: StoreReads, runId: RunId, query: AttemptsQuery): Promise<Found> {
  const isFailed = query.outcome === "failed" || query.failure !== undefined;
  const filter = { ...filterOf(runId, query), isFailed };
  const all = await reads.remember(runId, `outcomes ${JSON.stringify(filter)}`, () => reads.store.summaries(filter));
  const found = all.filter((summary) => isWanted(summary, query));
  return { page: found.slice(query.offset, query.offset + query.limit), total: found.length };
}

function isWanted(summary: TrajectorySummary, { outcome, failure }: AttemptsQuery): boolean {
  if (failure !== undefined && failureName(failureOfSummary(summary)) !== failure) return false;
  switch (outcome) {
    case undefined:
      return true;
    case "failed":
      return summary.rewardTotal === null;
    case "right":
      return exactMatchOf(summary) === 1;
    case "wrong":
      return summary.rewardTotal !== null && exactMatchOf(summary) !== 1;
    default:
      return outcome satisfies never;
  }
}

function filterOf(runId: RunId, { stage, step, purpose, problemId }: AttemptsQuery): SummaryFilter {
  return {
    runId,
    ...(stage === undefined ? {} : { stage }),
    ...(step === undefined ? {} : { step }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(problemId === undefined ? {} : { problemId: problemId as ProblemId }),
  };
}
