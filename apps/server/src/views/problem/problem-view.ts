import type { Attempt, ProblemView } from "@litmus/api";
import { LitmusError, type ProblemId, type RunId, type RunRecord, type StoredProblem } from "@litmus/core";
import { attemptOf, problemInfo } from "../attempt.ts";
import { knownRun } from "../known-run.ts";
import { runHead } from "../run-head.ts";
import { runShape } from "../run-shape.ts";
import type { StoreReads } from "../store-reads.ts";
import { askedElsewhere } from "./asked-elsewhere.ts";
import { groupName, meanOf, runOrder, sampledAt } from "./run-order.ts";
import { triedQueries } from "./tried-queries.ts";

/** One question over all steps and policies of a run. @throws LitmusError `not-found` when run or problem are not there */
export async function problemView(reads: StoreReads, runId: RunId, problemId: ProblemId): Promise<ProblemView> {
  const run = await knownRun(reads, runId);
  const problem = await knownProblem(reads, run, problemId);
  const order = runOrder(run);
  const summaries = (await reads.store.summaries({ runId, problemId })).toSorted(
    (a, b) => order(a.key, b.key) || a.key.member - b.key.member,
  );
  const attempts = summaries.map((summary) => attemptOf(summary, problem));
  return {
    run: runHead(run),
    idSpace: runShape(run).idSpace,
    problem: problemInfo(problem),
    attempts,
    groups: groupsOf(run, attempts),
    queries: triedQueries(summaries, { problem, runStep: sampledAt(run) }),
    otherRuns: (await askedElsewhere(reads, run, problem)).map(otherRun),
  };
}

/** A problem with the part of the questions it belongs to; `problem` alone does not say which. */
export async function knownProblem(reads: StoreReads, run: RunRecord, id: ProblemId): Promise<StoredProblem> {
  const problems = await reads.remember(run.id, "problems", () => reads.store.problems(run.id));
  const problem = problems.find((each) => each.id === id);
  if (problem === undefined) throw new LitmusError("not-found", "there is no such problem in this run");
  return problem;
}

function groupsOf(run: RunRecord, attempts: readonly Attempt[]): ProblemView["groups"] {
  const runStep = sampledAt(run);
  return [...Map.groupBy(attempts, groupName).values()].map((members) => {
    const [{ stage, step, purpose, group }] = members as [Attempt];
    const rewards = members.map(({ reward }) => reward);
    const scored = rewards.filter((reward) => reward !== null);
    return {
      stage,
      step,
      purpose,
      group,
      runStep: runStep({ stage, step }),
      mean: meanOf(scored),
      rewards,
      failed: rewards.length - scored.length,
    };
  });
}

function otherRun({
  run,
  attempts,
  last,
}: {
  run: RunRecord;
  attempts: number;
  last: Attempt;
}): ProblemView["otherRuns"][number] {
  return { run: runHead(run), attempts, exactMatch: last.exactMatch, lastTrajectoryId: last.trajectoryId };
}
