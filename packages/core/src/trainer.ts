import type { PolicyVersion, Sha256 } from "./identity.ts";

/** One sequence to learn from. S = number of policy tokens. */
export interface Datum {
  readonly id: string;
  /** T ids. */
  readonly tokens: readonly number[];
  /** S positions t ≥ 1, ascending: tokens[t] was chosen by the policy (or is taught). Never empty. */
  readonly positions: readonly number[];
  /** S loss weights; the aggregation is folded in, so that the loss is Σ weight · token loss. */
  readonly weights: readonly number[];
  /** S advantages; ones for supervised learning. */
  readonly advantages: readonly number[];
  /** S log-probabilities under the policy that sampled; null for supervised learning. */
  readonly behaviourLogProbs: readonly number[] | null;
  /** S log-probabilities under the trainer before the first update on this batch; null = this very forward pass. */
  readonly oldLogProbs: readonly number[] | null;
}

/**
 * A loss over policy-token log-probabilities, by name and numbers.
 * `ppo`: ratio θ/old clipped to [1 − clipLow, 1 + clipHigh], times stop-gradient min(old/μ, truncation) where truncation is not null.
 * `importance_sampling`: ratio θ/μ, unclipped.
 */
export type LossSpec =
  | { readonly type: "cross_entropy" }
  | { readonly type: "importance_sampling" }
  | { readonly type: "ppo"; readonly clipLow: number; readonly clipHigh: number; readonly truncation: number | null };

export interface ForwardBackwardResult {
  /** Σ weight · token loss over all data. */
  readonly loss: number;
  /** Per datum, S log-probabilities in nats. */
  readonly logProbs: readonly (readonly number[])[];
  /** Per datum, S entropies in nats. */
  readonly entropies: readonly (readonly number[])[];
  /** Share of policy tokens whose ratio was clipped, in [0, 1]. */
  readonly clipFraction: number;
}

export interface OptimizerSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Largest L2 norm of the gradient over all adapter parameters. */
  readonly maxGradientNorm: number;
}

export interface OptimizerResult {
  /** Before clipping. */
  readonly gradientNorm: number;
  /** False when the gradient was not finite: weights and moments are then unchanged. */
  readonly applied: boolean;
}

/** Files of one saved state, each complete and hashed before this is returned. */
export interface SavedState {
  readonly version: PolicyVersion;
  readonly adapterPath: string;
  readonly adapterSha256: Sha256;
  readonly optimizerPath: string;
  readonly optimizerSha256: Sha256;
  /** Optimiser steps so far. */
  readonly updates: number;
}

export interface SaveRequest {
  readonly directory: string;
  readonly version: PolicyVersion;
  readonly parentSha256: Sha256 | null;
}

/** Forward, backward, optimiser step: blind to the algorithm. */
export interface Trainer {
  readonly engine: string;
  /** Log-probabilities only. */
  forward(data: readonly Datum[]): Promise<readonly (readonly number[])[]>;
  /** Adds to the gradient. @throws LitmusError `invalid-input` on a datum without policy tokens */
  forwardBackward(data: readonly Datum[], loss: LossSpec): Promise<ForwardBackwardResult>;
  /** One optimiser step on the gradient so far, which is then cleared. */
  optimizerStep(settings: OptimizerSettings): Promise<OptimizerResult>;
  /** Writes adapter and optimiser state: temporary name, sync, rename. Files carry the version in their names. */
  save(request: SaveRequest): Promise<SavedState>;
  /** @throws LitmusError `corrupt-file` when a hash differs, `incompatible` when base or shapes do */
  load(state: SavedState): Promise<void>;
  close(): Promise<void>;
}
