import { sha256, type RunId, type RunRevision, type Timing, type TrajectoryStore } from "@litmus/core";

export interface RevisionWatch {
  /** Looks what has changed, unless that is known; who asks at the same time shares one look. */
  refresh(): Promise<void>;
  /** Looks what has changed up to now, whatever is known. */
  lookAgain(): Promise<void>;
  /** As last seen; 0 of a run that is not known. */
  revision(runId: RunId): number;
  /** Of every run, as last seen. */
  revisions(): readonly RunRevision[];
  /** A hash of all revisions as last seen. */
  stamp(): string;
  /**
   * Tells of every change that is seen from now on. While anybody listens, the watch looks by itself.
   * @returns ends it
   */
  subscribe(listener: RevisionListener): () => void;
}

export type RevisionListener = (changed: readonly RunRevision[]) => void;

export interface WatchOptions {
  readonly store: Pick<TrajectoryStore, "revisions">;
  readonly timing: Timing;
  /** How long what was seen counts as known, in milliseconds. */
  readonly maxAgeMs: number;
  /** Told what kept the watch from looking by itself; it tries again. */
  readonly onError: (error: unknown) => void;
}

/** One look at the revisions of a store for all who ask, at most every `maxAgeMs`. */
export function createRevisionWatch({ store, timing, maxAgeMs, onError }: WatchOptions): RevisionWatch {
  const listeners = new Set<RevisionListener>();
  let seen: ReadonlyMap<RunId, number> | null = null;
  let stamp: string | null = null;
  let seenAtMs = Number.NEGATIVE_INFINITY;
  let look: Promise<void> | null = null;
  let polling: AbortController | null = null;

  const lookNow = async (): Promise<void> => {
    const startedAtMs = timing.monotonicMs();
    const found = await store.revisions();
    const before = seen;
    seen = new Map(found.map(({ runId, revision }) => [runId, revision]));
    seenAtMs = startedAtMs;
    const changed = before === null ? [] : found.filter(({ runId, revision }) => before.get(runId) !== revision);
    if (before === null || changed.length > 0) stamp = null;
    if (changed.length > 0) for (const listener of listeners) listener(changed);
  };
  const refresh = (): Promise<void> => {
    if (look !== null) return look;
    if (timing.monotonicMs() - seenAtMs < maxAgeMs) return Promise.resolve();
    look = lookNow().finally(() => (look = null));
    return look;
  };
  let again: Promise<void> | null = null;
  const lookAgain = (): Promise<void> =>
    (again ??= (look ?? Promise.resolve()).catch(onError).then(() => {
      again = null;
      seenAtMs = Number.NEGATIVE_INFINITY;
      return refresh();
    }));
  const poll = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await refresh().catch(onError);
      if (!signal.aborted) await timing.wait(maxAgeMs, signal);
    }
  };

  return {
    refresh,
    lookAgain,
    revision: (runId) => seen?.get(runId) ?? 0,
    revisions: () => [...(seen ?? [])].map(([runId, revision]) => ({ runId, revision })),
    stamp: () => (stamp ??= sha256(JSON.stringify([...(seen ?? [])]))),
    subscribe: (listener) => {
      // A function of its own: the same listener may subscribe twice.
      const own: RevisionListener = (changed) => listener(changed);
      listeners.add(own);
      if (polling === null) {
        polling = new AbortController();
        void poll(polling.signal);
      }
      return () => {
        listeners.delete(own);
        if (listeners.size > 0) return;
        polling?.abort();
        polling = null;
      };
    },
  };
}
