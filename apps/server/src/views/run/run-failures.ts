import type { RunView } from "@litmus/api";
import type { Failure, RolloutTotals, TrajectorySummary } from "@litmus/core";

const examplesOfEach = 5;

/** Of a boundary nobody named: the scorer said nothing. */
const notScored: Failure = { boundary: "reward", code: "not-scored", message: "nothing was scored", retryable: false };

/** What kept a trajectory from being scored: its episode, or the scorer. */
export const failureOfSummary = ({ outcome, rewardFailure }: TrajectorySummary): Failure =>
  outcome.type === "failed" ? outcome.failure : (rewardFailure ?? notScored);

/** `boundary/code` */
export const failureName = ({ boundary, code }: Failure): string => `${boundary}/${code}`;

/** Failures of a run by boundary and code, most often first. @param trajectories of the run, all of them */
export function runFailures(failed: readonly TrajectorySummary[], trajectories: number): RunView["failures"] {
  const groups = Map.groupBy(failed, (summary) => failureName(failureOfSummary(summary)));
  return [...groups.values()]
    .map((group) => {
      const newest = group.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
      const [example] = newest as [TrajectorySummary];
      const { boundary, code, message } = failureOfSummary(example);
      return {
        boundary,
        code,
        message,
        count: group.length,
        share: group.length / trajectories,
        examples: newest.slice(0, examplesOfEach).map(({ id }) => id),
      };
    })
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

/** Why scored episodes ended, as `purpose/reason`. */
export function runStopReasons(totals: readonly RolloutTotals[]): RunView["stopReasons"] {
  const counts: Record<string, number> = {};
  for (const { purpose, stopReasons } of totals)
    for (const [reason, count] of Object.entries(stopReasons))
      counts[`${purpose}/${reason}`] = (counts[`${purpose}/${reason}`] ?? 0) + count;
  return counts;
}
