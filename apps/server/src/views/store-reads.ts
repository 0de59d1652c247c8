import { randomUUID } from "node:crypto";
import { systemTiming, type RunId, type Timing, type TrajectoryId } from "@litmus/core";
import { createAnswerMemory, type AnswerMemory } from "../reads/answer-memory.ts";
import { createOpenedTrajectories, type OpenedTrajectory } from "../reads/opened-trajectories.ts";
import { createRevisionWatch, type RevisionWatch } from "../reads/revision-watch.ts";
import { createCatalogue, type Catalogue } from "../reads/run-catalogue.ts";
import { createRunMemory } from "../reads/run-memory.ts";
import type { StoreReader } from "../store-reader.ts";

/** What a view reads from. */
export interface StoreReads {
  readonly store: StoreReader;
  /** What `load` gave for this run, until the run's revision changes. Bounded (least recently used). */
  remember<T>(runId: RunId, name: string, load: () => Promise<T>): Promise<T>;
  /** Of the run as last seen, at most 500 ms old; 0 of a run that is not known. */
  revision(runId: RunId): number;
  /** All runs as lists show them. */
  catalogue(): Promise<Catalogue>;
  /** A trajectory whole; null where there is none. */
  trajectory(id: TrajectoryId): Promise<OpenedTrajectory | null>;
}

/** Reads that know when what they hold is old. */
export interface LiveReads extends StoreReads {
  /** Of these reads alone. */
  readonly id: string;
  readonly watch: RevisionWatch;
  /** Answers of views, by their tags. */
  readonly answers: AnswerMemory;
}

export interface ReadsOptions {
  readonly store: StoreReader;
  readonly timing?: Timing;
  /** How long revisions count as known, in milliseconds; 500 unless told. */
  readonly maxAgeMs?: number;
  /** Values that are remembered; 1,000 unless told. */
  readonly limit?: number;
  /** Told what kept the revisions from being looked at while somebody listens. */
  readonly onError?: (error: unknown) => void;
}

/** In characters: some dozens of charts. */
const answerRoom = 16 * 1024 * 1024;

/** Reads of a store that are made once a revision. */
export function createStoreReads(options: ReadsOptions): LiveReads {
  const { store, timing = systemTiming, maxAgeMs = 500, limit = 1_000, onError = () => undefined } = options;
  const watch = createRevisionWatch({ store, timing, maxAgeMs, onError });
  const memory = createRunMemory(limit);
  return {
    store,
    id: randomUUID(),
    watch,
    answers: createAnswerMemory(answerRoom),
    revision: (runId) => watch.revision(runId),
    catalogue: createCatalogue(store, watch),
    trajectory: createOpenedTrajectories(store, watch),
    remember: async (runId, name, load) => {
      await watch.refresh();
      return memory.get({ runId, name, revision: watch.revision(runId) }, load);
    },
  };
}
