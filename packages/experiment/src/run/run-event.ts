import type { Failure } from "@litmus/core";
import type { EvaluationResult, Gain, StageEvaluation } from "@litmus/evaluation";

/** One reinforcement step as reported. */
export interface StepSummary {
  readonly step: number;
  /** Mean total reward of the episodes that did not fail. */
  readonly reward: number;
  readonly exactMatch: number;
  /** Sampler–trainer KL, nats a policy token. Null when no episode is left to compare. */
  readonly meanKl: number | null;
  /** Sampled tokens. */
  readonly tokens: number;
  readonly seconds: number;
  readonly episodes: number;
  readonly failures: number;
  readonly droppedGroups: number;
  readonly zeroVarianceGroups: number;
  readonly searchesPerEpisode: number;
  readonly tokensPerEpisode: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly clipFraction: number;
  readonly updates: number;
  /** Groups that were made. */
  readonly groups: number;
  /** Of the stage's order of problems, those that a curriculum left out included. */
  readonly problemsPassed: number;
  /** Of the version that sampled, behind the one that was updated. */
  readonly versionsBehind: number;
  /** Share of actions that the parser took. */
  readonly validActions: number;
  /** Mean entropy of the policy at its tokens, nats. Null when nothing was trained. */
  readonly entropy: number | null;
  /** Of the importance weights of trainer against sampler; null as `meanKl` is. */
  readonly weightMean: number | null;
  readonly weightDeviation: number | null;
  /** (Σ w)² / (n Σ w²), in (0, 1]. */
  readonly effectiveShare: number | null;
  /** Updates whose gradient was not finite. */
  readonly refusedUpdates: number;
  readonly loss: number;
}

/** What a run tells while it runs: noun-verb, plain JSON, in order. */
export type RunEvent =
  | {
      readonly type: "run-start";
      readonly runId: string;
      /** Of the page, with its token. */
      readonly address: string;
      readonly directory: string;
      readonly resumed: boolean;
      readonly configHash: string;
    }
  | { readonly type: "stage-start"; readonly stage: string; readonly steps: number; readonly done: number }
  | {
      readonly type: "rollouts-progress";
      readonly stage: string;
      readonly step: number;
      readonly purpose: string;
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: "episode-failed"; readonly stage: string; readonly step: number; readonly failure: Failure }
  | {
      readonly type: "sft-step";
      readonly step: number;
      /** Taught: what policies trained on the same number of them have in common. */
      readonly tokens: number;
      readonly loss: number;
      readonly gradientNorm: number;
      readonly learningRate: number;
      readonly seconds: number;
    }
  | ({ readonly type: "step-end"; readonly stage: string } & StepSummary)
  | {
      readonly type: "checkpoint-saved";
      readonly stage: string;
      readonly step: number;
      readonly version: number;
      readonly sha256: string;
      readonly parentSha256: string | null;
    }
  | {
      readonly type: "evaluation-end";
      readonly stage: string;
      readonly step: number;
      readonly split: string;
      readonly result: EvaluationResult;
    }
  /** Pausing and stopping take until what is under way has ended. */
  | { readonly type: "control-changed"; readonly state: "running" | "pausing" | "paused" | "stopping" }
  | { readonly type: "alarm-raised"; readonly alarm: string; readonly message: string };

/** What a run came to. */
export interface RunResult {
  readonly evaluations: readonly StageEvaluation[];
  readonly gains: readonly Gain[];
  readonly steps: readonly StepSummary[];
}
