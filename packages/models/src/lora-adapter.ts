import type { PolicyVersion, Sha256 } from "@litmus/core";

/** One low-rank update: the matrix of the base grows by (alpha / rank) · B · A. */
export interface LoraTensor {
  /** The base's tensor: `blk.0.attn_q.weight`. */
  readonly name: string;
  /** [rank, in], row-major. */
  readonly a: Float32Array;
  /** [out, rank], row-major. */
  readonly b: Float32Array;
  readonly inFeatures: number;
  readonly outFeatures: number;
}

/** A whole adapter and what it may be used with. */
export interface LoraAdapter {
  /** The base's architecture, exactly. */
  readonly architecture: string;
  readonly alpha: number;
  readonly rank: number;
  /** The base that it was trained on; it is refused on any other. */
  readonly baseSha256: Sha256;
  /** The adapter that it continues; null for the first. */
  readonly parentSha256: Sha256 | null;
  readonly version: PolicyVersion;
  /** Ascending by name when read. */
  readonly tensors: readonly LoraTensor[];
}

/** Metadata keys of an adapter; those of `litmus.` are read by this package alone. */
export const loraKeys = {
  type: "general.type",
  architecture: "general.architecture",
  adapterType: "adapter.type",
  alpha: "adapter.lora.alpha",
  baseSha256: "litmus.base_sha256",
  parentSha256: "litmus.parent_sha256",
  version: "litmus.version",
  rank: "litmus.rank",
} as const;

/** Stands for null in the parent's key, which is always there. */
export const noParent = "none";

export const sha256Pattern = /^[0-9a-f]{64}$/;
/** Linear layers of a block: embeddings, norms and outputs cannot carry an adapter in every engine. */
export const loraTargetPattern = /^blk\.\d+\.(?!\w*norm)\w+\.weight$/;
