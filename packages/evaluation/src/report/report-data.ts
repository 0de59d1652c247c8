import type { Interval } from "@litmus/algorithms";
import type { IndexInfo, Problem, RunRecord, StoredTrajectory } from "@litmus/core";
import type { Gain, StageEvaluation } from "../gain.ts";

/** One training step as the report shows it. */
export interface ReportStep {
  /** From 1. */
  readonly step: number;
  /** Mean total reward of the episodes that did not fail. */
  readonly reward: number;
  /** Of the mean reward, over groups, where it is known. */
  readonly rewardCi95?: Interval | null;
  readonly exactMatch: number;
  /** Sampler against trainer, nats a policy token. Null when no token was trained. */
  readonly meanKl: number | null;
  /** Sampled tokens. */
  readonly tokens: number;
  readonly seconds: number;
  readonly zeroVarianceGroups: number;
  readonly failures: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
  readonly searchesPerEpisode: number;
  readonly tokensPerEpisode: number;
  /** Share of actions that could be parsed. */
  readonly validActions: number;
  /** Nats a policy token; null when nothing was trained. */
  readonly entropy: number | null;
  readonly clipFraction: number;
  /** Importance weights of trainer against sampler; null as `meanKl` is. */
  readonly weightMean: number | null;
  readonly weightDeviation: number | null;
  readonly effectiveShare: number | null;
  readonly droppedGroups: number;
  readonly updates: number;
  readonly refusedUpdates: number;
}

export interface ReportFailure {
  readonly boundary: string;
  readonly code: string;
  readonly count: number;
}

/** A trajectory to read, with its question where it has one. */
export interface ReportSample {
  readonly entry: StoredTrajectory;
  readonly problem: Problem | null;
}

/** How a reinforcement stage learned: every setting by its name in the experiment file. */
export interface ReportAlgorithm {
  readonly stage: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** All that a report shows. Any part may be empty: an interrupted run is reported as far as it came. */
export interface ReportData {
  readonly run: RunRecord;
  readonly seeds: readonly number[];
  /** In the order of the stages. */
  readonly evaluations: readonly StageEvaluation[];
  readonly gains: readonly Gain[];
  readonly steps: readonly ReportStep[];
  readonly algorithms: readonly ReportAlgorithm[];
  readonly failures: readonly ReportFailure[];
  readonly samples: readonly ReportSample[];
  /** Records are linked only where the index holds PubMed records. */
  readonly idSpace: IndexInfo["idSpace"];
  /** What the reader must know of this run's data or model, one sentence each. */
  readonly limits: readonly string[];
}
