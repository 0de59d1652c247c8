import type { AdapterReference } from "./policy.ts";
import type { PolicyVersion, ProblemId, RunId, Sha256, TrajectoryId } from "./identity.ts";
import type { Problem } from "./problem.ts";
import type { RolloutTotals, TrajectorySummary } from "./summary.ts";
import type { GroupKey, RolloutKey, RolloutPurpose, StoredTrajectory } from "./trajectory.ts";
import type { SavedState } from "./trainer.ts";

export const runStatuses = ["running", "interrupted", "failed", "finished"] as const;
export type RunStatus = (typeof runStatuses)[number];

export interface RunRecord {
  readonly id: RunId;
  readonly name: string;
  readonly status: RunStatus;
  readonly configHash: Sha256;
  /** The resolved config, plain JSON. */
  readonly config: unknown;
  /** Hashes of all that the run depends on: model, index, data, prompt, scorer. */
  readonly manifest: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** One published version of the policy; each names its parent. */
export interface PolicyVersionRecord {
  readonly runId: RunId;
  readonly version: PolicyVersion;
  readonly adapter: AdapterReference | null;
  readonly parentSha256: Sha256 | null;
  readonly stage: string;
  readonly step: number;
}

/** Everything resuming needs, written after the files are complete. */
export interface CheckpointRecord {
  readonly runId: RunId;
  readonly stage: string;
  /** Steps of the stage that are done. */
  readonly step: number;
  readonly state: SavedState;
  readonly parentSha256: Sha256 | null;
  readonly createdAt: string;
}

export interface MetricRecord {
  readonly runId: RunId;
  readonly stage: string;
  readonly step: number;
  readonly name: string;
  readonly value: number;
}

/** All values of one metric of a stage, by its steps, ascending; both lists are of one length. */
export interface MetricCurve {
  readonly stage: string;
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** Of each metric of a run what was written last, by name; all lists are of one length. */
export interface LatestMetrics {
  readonly runId: RunId;
  readonly names: readonly string[];
  readonly stages: readonly string[];
  readonly values: readonly number[];
}

export interface EvaluationRecord {
  readonly runId: RunId;
  readonly stage: string;
  readonly step: number;
  readonly split: string;
  /** Plain JSON: scores with n and intervals, hashes of checkpoint, data and scorer. */
  readonly result: unknown;
}

/** A problem of a run, and the part it was saved under. */
export interface StoredProblem extends Problem {
  readonly split: string;
}

/** What an update made of a trajectory. S = number of its action tokens; both lists are aligned with its `logProbs`. */
export interface TrainedTokens {
  readonly trajectoryId: TrajectoryId;
  /** Steps of the stage that were done with the update. */
  readonly step: number;
  /** S advantages, unitless; 0 where the group told nothing apart. */
  readonly advantages: readonly number[];
  /** S log-probabilities in nats under the trainer before the step's first update; null where they were not computed. */
  readonly trainerLogProbs: readonly number[] | null;
}

/** How often what is stored of a run has changed. */
export interface RunRevision {
  readonly runId: RunId;
  /** From 1. */
  readonly revision: number;
}

export interface TrajectoryFilter {
  readonly runId: RunId;
  readonly stage?: string;
  readonly step?: number;
  readonly purpose?: RolloutPurpose;
  readonly problemId?: ProblemId;
}

export interface SummaryFilter extends TrajectoryFilter {
  /** Only those whose episode or scoring failed, or only the others. */
  readonly isFailed?: boolean;
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** A finished step of a stage: all of it, or nothing of it, is stored. */
export interface StepCommit {
  readonly checkpoint: CheckpointRecord;
  readonly version: PolicyVersionRecord;
  readonly metrics: readonly MetricRecord[];
  /** Of trajectories that are stored; none when left out. */
  readonly trained?: readonly TrainedTokens[];
}

/** The right to store a group's trajectories, until a later claim on the group takes it away. */
export interface GroupClaim {
  readonly group: GroupKey;
  /** From 1. */
  readonly attempt: number;
}

/** What happened to a trajectory: written, there before, or refused because a later claim holds its group. */
export type SaveResult = "stored" | "exists" | "fenced";

/** Records. Writes are idempotent by key; each is one transaction and is durable when it resolves. */
export interface TrajectoryStore {
  saveRun(run: RunRecord): Promise<void>;
  setRunStatus(id: RunId, status: RunStatus, finishedAt: string | null): Promise<void>;
  run(id: RunId): Promise<RunRecord | null>;
  /** Newest first. */
  runs(): Promise<readonly RunRecord[]>;
  saveProblems(runId: RunId, split: string, problems: readonly Problem[]): Promise<void>;
  problem(runId: RunId, id: ProblemId): Promise<Problem | null>;
  /** Of one split, or of all; ordered by id. */
  problems(runId: RunId, split?: string): Promise<readonly StoredProblem[]>;
  /**
   * Claims a group for the caller; earlier claims on it are void from now on.
   * @returns the claim, and the members that are stored already
   * @throws LitmusError `conflict` when the group was claimed for another policy version: a group never mixes versions
   */
  claimGroup(
    group: GroupKey,
    version: PolicyVersion,
  ): Promise<{ readonly claim: GroupClaim; readonly stored: readonly number[] }>;
  /**
   * Stores trajectories with their turns, search calls and rewards, all in one transaction; a second write of a key changes
   * nothing. With a claim that is void, none is written.
   * @returns one result an entry, in their order
   */
  saveTrajectories(entries: readonly StoredTrajectory[], claim?: GroupClaim): Promise<readonly SaveResult[]>;
  trajectory(id: TrajectoryId): Promise<StoredTrajectory | null>;
  /** Ordered by stage, step, purpose, group, member. */
  trajectories(filter: TrajectoryFilter, page?: Page): Promise<readonly StoredTrajectory[]>;
  rolloutKeys(filter: TrajectoryFilter): Promise<readonly RolloutKey[]>;
  /** In the order of `trajectories`, without reading their tokens and texts. */
  summaries(filter: SummaryFilter, page?: Page): Promise<readonly TrajectorySummary[]>;
  /** Ordered by run, stage, step, purpose. */
  rolloutTotals(runIds: readonly RunId[]): Promise<readonly RolloutTotals[]>;
  /** Null for a trajectory of which no update was made. */
  trained(id: TrajectoryId): Promise<TrainedTokens | null>;
  /**
   * Removes a run's trajectories with their turns, search calls, rewards, trained tokens and claims, all in one transaction. The run
   * itself, its problems, metrics, evaluations, versions and checkpoints stay.
   * @param expected how many there are; nothing is removed where there are more or fewer
   * @throws LitmusError `conflict` then
   */
  removeTrajectories(runId: RunId, expected: number): Promise<void>;
  commitStep(commit: StepCommit): Promise<void>;
  savePolicyVersion(version: PolicyVersionRecord): Promise<void>;
  policyVersions(runId: RunId): Promise<readonly PolicyVersionRecord[]>;
  /** In the order written. */
  checkpoints(runId: RunId): Promise<readonly CheckpointRecord[]>;
  saveMetrics(metrics: readonly MetricRecord[]): Promise<void>;
  /** In the order written. */
  metrics(runId: RunId): Promise<readonly MetricRecord[]>;
  /** Metrics of some names as columns, which are read in a fraction of the time; by name, then by stage. */
  metricCurves(runId: RunId, names: readonly string[]): Promise<readonly MetricCurve[]>;
  /** As columns too: there are thousands of runs. Ordered by run; a run without metrics is left out. */
  latestMetrics(runIds: readonly RunId[]): Promise<readonly LatestMetrics[]>;
  saveEvaluation(evaluation: EvaluationRecord): Promise<void>;
  evaluations(runId: RunId): Promise<readonly EvaluationRecord[]>;
  /** Ordered by run, those of one in the order written. */
  evaluationsOf(runIds: readonly RunId[]): Promise<readonly EvaluationRecord[]>;
  /**
   * Of every run, ordered by its id. A write that changes anything of a run but its problems and claims adds one, in its own
   * transaction: what is read after a revision was seen is at least as new as that revision.
   */
  revisions(): Promise<readonly RunRevision[]>;
  /** Of the whole database on its disk, in bytes. */
  sizeBytes(): Promise<number>;
  close(): Promise<void>;
}
