import type {
  AdapterFile,
  Agent,
  Clock,
  CorpusRecord,
  Outcome,
  Policy,
  Problem,
  RecordId,
  Retriever,
  Reward,
  RolloutQueue,
  RunId,
  Trainer,
  Trajectory,
  TrajectoryStore,
} from "@litmus/core";
import type { ExperimentConfig } from "../config/schema.ts";
import type { RunEvent } from "./run-event.ts";

/** The problems of a run, by part. */
export interface ProblemSplits {
  readonly train: readonly Problem[];
  readonly validation: readonly Problem[];
  readonly test: readonly Problem[];
}

/** Of a run that nobody can pause. */
export const neverPaused: RunContext["unlessPaused"] = (work) => work();

/** Everything a run works with: the ports, wired by an app, and what was read for it. */
export interface RunContext {
  readonly runId: RunId;
  readonly config: ExperimentConfig;
  /** Folder of this run: adapters and optimiser states lie below it. */
  readonly directory: string;
  readonly policy: Policy;
  readonly retriever: Retriever;
  /** A record of the corpus by id, for building demonstrations. */
  readonly record: (id: RecordId) => Promise<CorpusRecord | null>;
  readonly store: TrajectoryStore;
  /** Where groups wait to be made. */
  readonly queue: RolloutQueue;
  /** Whether this process makes groups itself; where it does not, workers must. */
  readonly worksOnQueue: boolean;
  /**
   * Does the work, once the run is not paused: every group that is begun here, every update. Never rejects by itself; a run that is
   * to stop is not held up.
   */
  readonly unlessPaused: <T>(work: () => Promise<T>) => Promise<T>;
  /** Opened when first needed: an evaluation needs no trainer. */
  readonly trainer: () => Promise<Trainer>;
  /** The file of an adapter that a stage imports, as its path in the config names it. */
  readonly importedAdapter: (path: string) => Promise<AdapterFile>;
  readonly agents: { readonly base: Agent; readonly trained: Agent };
  readonly problems: ProblemSplits;
  readonly verify: (trajectory: Trajectory, problem: Problem) => Outcome<Reward>;
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
  /** Aborted once by the user: the run stops at the next safe point. */
  readonly signal: AbortSignal;
}
