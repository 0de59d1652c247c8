import type { ProblemView } from "@litmus/api";
import type { Problem, SearchSummary, TrajectorySummary } from "@litmus/core";
import { finite, showsGold } from "../attempt.ts";
import { meanOf, type GroupPlace } from "./run-order.ts";

interface Tried {
  readonly problem: Problem;
  readonly runStep: (place: Pick<GroupPlace, "stage" | "step">) => number;
}

interface Use {
  readonly summary: TrajectorySummary;
  readonly search: SearchSummary;
}

/** Queries that were tried, most often first. @param summaries in the order of the run */
export function triedQueries(summaries: readonly TrajectorySummary[], tried: Tried): ProblemView["queries"] {
  const uses = summaries.flatMap((summary) => summary.searches.map((search): Use => ({ summary, search })));
  return [...Map.groupBy(uses, ({ search }) => search.query)]
    .map(([query, same]) => ({ query, ...summaryOf(same, tried) }))
    .sort((a, b) => b.count - a.count || (a.query < b.query ? -1 : 1));
}

function summaryOf(uses: readonly Use[], { problem, runStep }: Tried): Omit<ProblemView["queries"][number], "query"> {
  const trajectories = [...new Set(uses.map(({ summary }) => summary))];
  const steps = trajectories.map(({ key }) => runStep(key));
  const gold = uses.map(({ search }) => showsGold(search.recordIds, problem));
  return {
    count: uses.length,
    foundGold: gold.includes(null) ? null : gold.filter((found) => found === true).length,
    meanReward: meanOf(trajectories.map(({ rewardTotal }) => finite(rewardTotal)).filter((reward) => reward !== null)),
    firstStep: Math.min(...steps),
    lastStep: Math.max(...steps),
    example: trajectories.at(-1)?.id ?? "",
  };
}
