import type { Query, QueryClient } from "@tanstack/react-query";
import type { Timing } from "@litmus/core";

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: {
      /** The run that a view is of, where its key does not say so but what it shows does. */
      readonly runOf?: (data: unknown) => string;
    };
  }
}

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
    change: (runIds) => add((query) => isOfRuns(query, new Set(runIds))),
    changeAll: () => add(() => true),
  };
}

const anyOf =
  (predicates: readonly ((query: Query) => boolean)[]) =>
  (query: Query): boolean =>
    predicates.some((isTrue) => isTrue(query));

/** Whether a view is over all runs, or of one of these: its key names it in any of its parts, or what it shows does. */
function isOfRuns({ queryKey, meta, state }: Query, runIds: ReadonlySet<unknown>): boolean {
  if (overAllRuns.has(queryKey[0])) return true;
  if (queryKey.some((part) => (Array.isArray(part) ? part : [part]).some((one) => runIds.has(one)))) return true;
  return meta?.runOf !== undefined && state.data !== undefined && runIds.has(meta.runOf(state.data));
}
