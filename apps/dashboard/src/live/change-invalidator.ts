import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";
import type { Timing } from "@litmus/core";

/** Views over all runs: any run's change makes them old. */
const overAllRuns: ReadonlySet<unknown> = new Set(["runs", "leaderboard", "system"]);
const shortestPauseMs = 1000;

export interface ChangeInvalidator {
  readonly change: (runIds: readonly string[]) => void;
  readonly changeAll: () => void;
}

/**
 * Makes views fetch again when their runs changed: at most once a second, and never one that is being fetched, because a slow
 * answer that is always begun anew would never come. Such a view is fetched again afterwards.
 */
export function createChangeInvalidator(client: QueryClient, timing: Timing, end: AbortSignal): ChangeInvalidator {
  let pending: ((query: Query) => boolean)[] = [];
  let isWaiting = false;
  const flush = async (): Promise<void> => {
    if (isWaiting) return;
    isWaiting = true;
    while (pending.length > 0 && !end.aborted) {
      const isChanged = anyOf(pending);
      const busy = client.getQueryCache().findAll({ fetchStatus: "fetching", predicate: isChanged });
      pending = busy.length === 0 ? [] : [(query) => busy.includes(query)];
      void client.invalidateQueries({ predicate: (query) => isChanged(query) && !busy.includes(query) });
      await timing.wait(shortestPauseMs, end);
    }
    isWaiting = false;
  };
  const add = (isChanged: (query: Query) => boolean): void => {
    pending.push(isChanged);
    void flush();
  };
  return {
    change: (runIds) => add(({ queryKey }) => isOfRuns(queryKey, new Set(runIds))),
    changeAll: () => add(() => true),
  };
}

const anyOf =
  (predicates: readonly ((query: Query) => boolean)[]) =>
  (query: Query): boolean =>
    predicates.some((isTrue) => isTrue(query));

/** Whether a key begins with a view over all runs, or names one of these runs in any of its parts. */
function isOfRuns(key: QueryKey, runIds: ReadonlySet<unknown>): boolean {
  return (
    overAllRuns.has(key[0]) || key.some((part) => (Array.isArray(part) ? part : [part]).some((one) => runIds.has(one)))
  );
}
