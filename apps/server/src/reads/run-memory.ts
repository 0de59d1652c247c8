import type { RunId } from "@litmus/core";
import { createRecent } from "./recent.ts";

/** What was read of runs, by run, name and revision. */
export interface RunMemory {
  /** The value of an earlier call at this revision, or of `load`; a load that rejects is not kept. */
  get<T>(place: MemoryPlace, load: () => Promise<T>): Promise<T>;
}

export interface MemoryPlace {
  readonly runId: RunId;
  readonly name: string;
  readonly revision: number;
}

interface Kept {
  readonly revision: number;
  readonly value: Promise<unknown>;
}

/** @param limit values kept; the one that was not asked for longest goes first */
export function createRunMemory(limit: number): RunMemory {
  const kept = createRecent<string, Kept>(limit);
  return {
    get: <T>({ runId, name, revision }: MemoryPlace, load: () => Promise<T>): Promise<T> => {
      const key = `${runId}/${name}`;
      const known = kept.get(key);
      // A name stands for one type: its view's own.
      if (known?.revision === revision) return known.value as Promise<T>;
      const entry = { revision, value: load() };
      kept.set(key, entry);
      entry.value.catch(() => kept.get(key) === entry && kept.delete(key));
      return entry.value;
    },
  };
}
