/** @file Trajectories as lists and totals show them: without tokens, turns and texts. */
import type { Failure } from "./failure.ts";
import type { PolicyVersion, ProblemId, RecordId, RunId, TrajectoryId } from "./identity.ts";
import type {
  EpisodeOutcome,
  EpisodeUsage,
  RewardComponent,
  RolloutKey,
  RolloutPurpose,
  StopReason,
} from "./trajectory.ts";

/** A search: what was asked, and the records shown, by rank. */
export interface SearchSummary {
  readonly query: string;
  readonly recordIds: readonly RecordId[];
}

export interface TrajectorySummary {
  readonly id: TrajectoryId;
  readonly key: RolloutKey;
  readonly problemId: ProblemId | null;
  readonly policyVersion: PolicyVersion;
  readonly answer: string | null;
  readonly outcome: EpisodeOutcome;
  /** Null exactly when the episode or its scoring failed. */
  readonly rewardTotal: number | null;
  readonly components: readonly Pick<RewardComponent, "name" | "score">[];
  readonly rewardFailure: Failure | null;
  readonly usage: EpisodeUsage;
  readonly startedAt: string;
  readonly durationMs: number;
  /** In the order of the turns. */
  readonly searches: readonly SearchSummary[];
}

/** Sums over episodes of a number x: what means and ratios with intervals are made of. */
export interface MomentSums {
  readonly x: number;
  /** Of the squares. */
  readonly xx: number;
  /** Of x times the `exactMatch` score. */
  readonly xCorrect: number;
}

/** Sums over the scored trajectories alone. */
export interface ScoredSums {
  readonly trajectories: number;
  readonly sampledTokens: MomentSums;
  readonly searches: MomentSums;
  /** Of whole milliseconds. */
  readonly durationMs: MomentSums;
}

/** What the trajectories of one step and purpose come to. */
export interface RolloutTotals {
  readonly runId: RunId;
  readonly stage: string;
  readonly step: number;
  readonly purpose: RolloutPurpose;
  readonly trajectories: number;
  /** Those without a reward. */
  readonly failed: number;
  readonly sampledTokens: number;
  readonly searches: number;
  readonly durationMs: number;
  /** Sum of their `exactMatch` scores. */
  readonly correct: number;
  readonly scored: ScoredSums;
  /** How often those with a reward ended by each reason. */
  readonly stopReasons: Readonly<Partial<Record<StopReason, number>>>;
}
