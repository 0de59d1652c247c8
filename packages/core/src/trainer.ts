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
  /** S log-probabilities under the frozen reference policy; null where the loss has no KL term. */
  readonly referenceLogProbs: readonly number[] | null;
}

/**
 * A loss over policy-token log-probabilities, by name and numbers; names as in the open Tinker vocabulary.
 * θ is the policy now, old the one before the first update on the batch, μ the one that sampled.
 */
export type LossSpec = { readonly type: "cross_entropy" } | ImportanceSamplingSpec | PpoSpec | CispoSpec;

/** −(θ/μ) A, unclipped. */
export interface ImportanceSamplingSpec extends RegularizationTerms {
  readonly type: "importance_sampling";
}

/** −min(ρ A, clip(ρ) A) with ρ = θ/old (arXiv:1707.06347). */
export interface PpoSpec extends ClippedRatio, RegularizationTerms {
  readonly type: "ppo";
  /** Where A < 0 the loss is at most −dualClip · A (arXiv:1912.09729); above 1; null = no such bound. */
  readonly dualClip: number | null;
}

/** −stop-gradient(clip(ρ)) A lp: clipped tokens keep a gradient (arXiv:2506.13585). */
export interface CispoSpec extends ClippedRatio, RegularizationTerms {
  readonly type: "cispo";
}

export interface ClippedRatio {
  /** The ratio is clipped to [1 − clipLow, 1 + clipHigh]. */
  readonly clipLow: number;
  readonly clipHigh: number;
  /** The token loss is multiplied by stop-gradient min(old/μ, truncation); null = by 1. */
  readonly truncation: number | null;
}

/** What is added to each token's loss, before its weight. */
export interface RegularizationTerms {
  /** + coefficient · estimate of KL(θ, reference); null = none. */
  readonly kl: { readonly estimator: "k2" | "k3"; readonly coefficient: number } | null;
  /** − entropyBonus · entropy in nats; 0 = none. */
  readonly entropyBonus: number;
}

export interface ForwardBackwardResult {
  /** Σ weight · token loss over all data. */
  readonly loss: number;
  /** Per datum, S log-probabilities in nats. */
  readonly logProbs: readonly (readonly number[])[];
  /** Per datum, S entropies in nats. */
  readonly entropies: readonly (readonly number[])[];
  /** Share of policy tokens whose ratio was clipped or bounded, in [0, 1]. */
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

/** The part of a saved state that changes the policy. */
export type AdapterFile = Pick<SavedState, "adapterPath" | "adapterSha256">;

export interface SaveRequest {
  readonly directory: string;
  readonly version: PolicyVersion;
  readonly parentSha256: Sha256 | null;
}

/** Forward, backward, optimiser step: blind to the algorithm. */
export interface Trainer {
  readonly engine: string;
  /**
   * Log-probabilities only: under the weights now, or under another adapter of the same base and form (null = the base
   * itself). The state stays as it is. @throws LitmusError as {@link Trainer.load} when that adapter does not fit
   */
  forward(data: readonly Datum[], adapter?: AdapterFile | null): Promise<readonly (readonly number[])[]>;
  /** Adds to the gradient. @throws LitmusError `invalid-input` on a datum without policy tokens */
  forwardBackward(data: readonly Datum[], loss: LossSpec): Promise<ForwardBackwardResult>;
  /** One optimiser step on the gradient so far, which is then cleared. */
  optimizerStep(settings: OptimizerSettings): Promise<OptimizerResult>;
  /** Writes adapter and optimiser state: temporary name, sync, rename. Files carry the version in their names. */
  save(request: SaveRequest): Promise<SavedState>;
  /** @throws LitmusError `corrupt-file` when a hash differs, `incompatible` when base or shapes do */
  load(state: SavedState): Promise<void>;
  /** Takes the weights of another adapter of the same base and form; the optimiser starts anew. @throws LitmusError as {@link Trainer.load} */
  adopt(adapter: AdapterFile): Promise<void>;
  close(): Promise<void>;
}
