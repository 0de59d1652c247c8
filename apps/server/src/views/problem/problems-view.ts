import type { ProblemList, ProblemsQuery } from "@litmus/api";
import type { RolloutPurpose, RunId } from "@litmus/core";
import { allProblems, problemInfo } from "../attempt.ts";
import { knownRun } from "../known-run.ts";
import type { StoreReads } from "../store-reads.ts";
import { groupOutcomes, type GroupOutcome } from "./group-outcomes.ts";
import { runOrder } from "./run-order.ts";

type Row = ProblemList["problems"][number];

/** The problems of a run, with what became of each. @throws LitmusError `not-found` when there is no such run */
export async function problemsView(reads: StoreReads, runId: RunId, query: ProblemsQuery): Promise<ProblemList> {
  const run = await knownRun(reads, runId);
  const order = runOrder(run);
  const groups = (await groupOutcomes(reads, runId)).sort((a, b) => order(a.place, b.place));
  const byProblem = Map.groupBy(groups, ({ problemId }) => problemId);
  const rows = (await allProblems(reads, runId))
    .map((problem): Row => ({ ...problemInfo(problem), ...outcomeOf(byProblem.get(problem.id) ?? []) }))
    .filter((row) => isWanted(row, query));
  const { offset, limit } = query;
  return { problems: sorted(rows, query).slice(offset, offset + limit), total: rows.length, offset, limit };
}

/** @param groups of one problem, in the order of the run */
function outcomeOf(
  groups: readonly GroupOutcome[],
): Pick<Row, "attempts" | "firstReward" | "lastReward" | "lastExactMatch" | "failed"> {
  const scored = groups.filter(({ attempts, failed }) => attempts > failed);
  const greedy = scored.findLast(({ place }) => place.purpose === "evaluation");
  const comparable = ofOnePurpose(scored);
  const mean = (group: GroupOutcome | undefined, of: "reward" | "exactMatch"): number | null =>
    group === undefined ? null : group[of] / (group.attempts - group.failed);
  return {
    attempts: groups.reduce((sum, { attempts }) => sum + attempts, 0),
    firstReward: mean(comparable[0], "reward"),
    lastReward: mean(comparable.at(-1), "reward"),
    lastExactMatch: mean(greedy, "exactMatch"),
    failed: groups.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** Greedy answers and samples are two measures: a change is within one of them, the first of these that there is. */
const purposes: readonly RolloutPurpose[] = ["evaluation", "train", "evaluation-sampled", "ask"];

const ofOnePurpose = (groups: readonly GroupOutcome[]): readonly GroupOutcome[] =>
  purposes
    .map((purpose) => groups.filter(({ place }) => place.purpose === purpose))
    .find((found) => found.length > 0) ?? [];

function isWanted({ id, split, question, goldenAnswers }: Row, query: ProblemsQuery): boolean {
  const sought = query.search.toLowerCase();
  const isFound = [id, question, ...goldenAnswers].some((text) => text.toLowerCase().includes(sought));
  return isFound && (query.split ?? split) === split;
}

/** What has no value stands last, whichever the order. */
function sorted(rows: readonly Row[], { sort, order }: ProblemsQuery): Row[] {
  const sign = order === "ascending" ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [left, right] = [keyOf(a, sort), keyOf(b, sort)];
    if (left === null || right === null) return left === right ? byId(a, b) : left === null ? 1 : -1;
    return left === right ? byId(a, b) : left < right ? -sign : sign;
  });
}

const byId = (a: Row, b: Row): number => (a.id < b.id ? -1 : 1);

function keyOf(row: Row, sort: ProblemsQuery["sort"]): string | number | null {
  if (sort !== "change") return row[sort];
  return row.firstReward === null || row.lastReward === null ? null : row.lastReward - row.firstReward;
}
