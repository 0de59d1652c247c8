import type { Failure } from "./failure.ts";
import type { PolicyVersion, ProblemId } from "./identity.ts";
import type { GroupKey, StoredTrajectory } from "./trajectory.ts";

/** @file Where groups wait for a worker. The store is the truth: a queue may lose or repeat a job, and nothing is lost or doubled. */

/** One group to make. Plain JSON, without golden answers or secrets; a worker reads the rest from the store. */
export interface RolloutJob {
  readonly schemaVersion: 1;
  readonly group: GroupKey;
  readonly problemId: ProblemId;
  readonly prompt: "base" | "trained";
  readonly temperature: number;
  /** One a member, in their order. Members that the store holds already are not made again. */
  readonly seeds: readonly number[];
  /** All members are sampled from this version. */
  readonly policyVersion: PolicyVersion;
}

/** What making a group gave besides the trajectories, which are in the store before the job is acknowledged. */
export interface RolloutJobResult {
  /** Episodes that failed: the run that asked for them decides whether they are kept. */
  readonly failed: readonly StoredTrajectory[];
}

export type RolloutJobOutcome =
  | ({ readonly type: "done" } & RolloutJobResult)
  /** Its attempts are used up; it stays in the list of dead jobs. */
  | { readonly type: "dead"; readonly failure: Failure };

export interface RolloutAttempt {
  /** From 1. */
  readonly number: number;
  /** Aborted when the result no longer counts: the job was withdrawn, or given to another worker. */
  readonly signal: AbortSignal;
}

/** Makes one group. A rejection counts as a failed attempt. */
export type RolloutHandler = (job: RolloutJob, attempt: RolloutAttempt) => Promise<RolloutJobResult>;

export interface DispatchOptions {
  /** Called once for every job, in the order in which they settle. What it throws ends the dispatch as the signal does. */
  readonly onSettled: (job: RolloutJob, outcome: RolloutJobOutcome) => void;
  /**
   * Withdraws the jobs that have not settled, also from the workers that have them, and rejects with the signal's reason.
   * A job that another dispatch waits for as well is made for that one.
   */
  readonly signal: AbortSignal;
}

export interface WorkOptions {
  /** Groups at once. */
  readonly concurrency: number;
  /** Takes no further job; those taken are finished. */
  readonly signal: AbortSignal;
}

export interface QueueOverview {
  readonly waiting: number;
  readonly active: number;
  readonly dead: number;
  readonly workers: readonly QueueWorker[];
}

export interface QueueWorker {
  readonly id: string;
  readonly host: string;
  readonly processId: number;
  readonly startedAt: string;
  readonly lastSeenAt: string;
  readonly active: number;
  readonly done: number;
}

export interface DeadJob {
  readonly id: string;
  /** Null when what stands in the queue is no job that this version can read. */
  readonly job: RolloutJob | null;
  readonly failure: Failure;
  /** How often it was started. */
  readonly attempts: number;
}

/** Groups wait in it for workers, of this process or of others. */
export interface RolloutQueue {
  /**
   * Adds the jobs and resolves when each has settled. A job whose group waits or is worked on already is not added twice;
   * one that the queue lost is added again; one that settled before this call is made again, and finds its members stored.
   */
  dispatch(jobs: readonly RolloutJob[], options: DispatchOptions): Promise<void>;
  /** Takes jobs until the signal; resolves when those that were taken have ended. */
  work(handler: RolloutHandler, options: WorkOptions): Promise<void>;
  overview(): Promise<QueueOverview>;
  /** Newest first. */
  deadJobs(): Promise<readonly DeadJob[]>;
  /** Withdraws what this queue dispatches still, and resolves when its work has ended: jobs that were taken are finished. */
  close(): Promise<void>;
}
