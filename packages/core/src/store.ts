import type { AdapterReference } from "./policy.ts";
import type { PolicyVersion, ProblemId, RunId, Sha256, TrajectoryId } from "./identity.ts";
import type { Problem } from "./problem.ts";
import type { RolloutKey, RolloutPurpose, StoredTrajectory } from "./trajectory.ts";
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

export interface EvaluationRecord {
  readonly runId: RunId;
  readonly stage: string;
  readonly step: number;
  readonly split: string;
  /** Plain JSON: scores with n and intervals, hashes of checkpoint, data and scorer. */
  readonly result: unknown;
}

export interface TrajectoryFilter {
  readonly runId: RunId;
  readonly stage?: string;
  readonly step?: number;
  readonly purpose?: RolloutPurpose;
  readonly problemId?: ProblemId;
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
}

/** Records. Writes are idempotent by key; each is one transaction and is durable when it resolves. */
export interface TrajectoryStore {
  saveRun(run: RunRecord): Promise<void>;
  setRunStatus(id: RunId, status: RunStatus, finishedAt: string | null): Promise<void>;
  run(id: RunId): Promise<RunRecord | null>;
  /** Newest first. */
  runs(): Promise<readonly RunRecord[]>;
  saveProblems(runId: RunId, split: string, problems: readonly Problem[]): Promise<void>;
  problem(runId: RunId, id: ProblemId): Promise<Problem | null>;
  /** Stores trajectory, turns, search calls and rewards in one transaction. A second write of a key changes nothing. */
  saveTrajectory(entry: StoredTrajectory): Promise<"stored" | "exists">;
  trajectory(id: TrajectoryId): Promise<StoredTrajectory | null>;
  /** Ordered by stage, step, purpose, group, member. */
  trajectories(filter: TrajectoryFilter, page?: Page): Promise<readonly StoredTrajectory[]>;
  rolloutKeys(filter: TrajectoryFilter): Promise<readonly RolloutKey[]>;
  commitStep(commit: StepCommit): Promise<void>;
  savePolicyVersion(version: PolicyVersionRecord): Promise<void>;
  policyVersions(runId: RunId): Promise<readonly PolicyVersionRecord[]>;
  /** In the order written. */
  checkpoints(runId: RunId): Promise<readonly CheckpointRecord[]>;
  saveMetrics(metrics: readonly MetricRecord[]): Promise<void>;
  metrics(runId: RunId): Promise<readonly MetricRecord[]>;
  saveEvaluation(evaluation: EvaluationRecord): Promise<void>;
  evaluations(runId: RunId): Promise<readonly EvaluationRecord[]>;
  close(): Promise<void>;
}
