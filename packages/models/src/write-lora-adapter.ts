import { LitmusError } from "@litmus/core";
import type { GgufValue } from "./gguf-value.ts";
import { toHalf } from "./half-precision.ts";
import { loraKeys, loraTargetPattern, noParent, sha256Pattern } from "./lora-adapter.ts";
import type { LoraAdapter, LoraTensor } from "./lora-adapter.ts";
import type { WrittenFile } from "./write-atomically.ts";
import { singlePrecisionBytes, writeGguf } from "./write-gguf.ts";
import type { TensorSource } from "./write-gguf.ts";

/** An adapter to write. */
export interface LoraAdapterToWrite extends LoraAdapter {
  /** How values are stored; single precision by default, so that training resumes exactly. */
  readonly type?: "F32" | "F16";
}

/**
 * Writes an adapter as llama.cpp reads it: temporary name, sync, rename. Equal content gives the same hash,
 * in whatever order the tensors come.
 * @throws LitmusError `invalid-input` when shapes, names, hashes or values are not those of an adapter
 */
export async function writeLoraAdapter(path: string, adapter: LoraAdapterToWrite): Promise<WrittenFile> {
  refuseBadHead(adapter);
  const ordered = [...adapter.tensors].sort((x, y) => (x.name < y.name ? -1 : 1));
  for (const [index, tensor] of ordered.entries()) {
    if (tensor.name === ordered[index - 1]?.name) throw refuse(`"${tensor.name}" occurs twice`);
    refuseBadTensor(tensor, adapter.rank);
  }
  const type = adapter.type ?? "F32";
  return writeGguf(path, {
    metadata: metadataOf(adapter),
    tensors: ordered.flatMap((tensor) => sourcesOf(tensor, adapter.rank, type)),
  });
}

function refuse(what: string): LitmusError {
  return new LitmusError("invalid-input", `this adapter cannot be written: ${what}`);
}

function refuseBadHead(adapter: LoraAdapterToWrite): void {
  if (adapter.tensors.length === 0) throw refuse("it has no tensors");
  if (!Number.isSafeInteger(adapter.rank) || adapter.rank < 1) throw refuse(`its rank is ${adapter.rank}`);
  if (!(Math.fround(adapter.alpha) > 0 && Number.isFinite(Math.fround(adapter.alpha)))) {
    throw refuse(`its alpha is ${adapter.alpha}: an engine would read it as a scale of 1`);
  }
  if (!Number.isInteger(adapter.version) || adapter.version < 0 || adapter.version > 0xffffffff) {
    throw refuse(`its version is ${adapter.version}`);
  }
  for (const hash of [adapter.baseSha256, adapter.parentSha256]) {
    if (hash !== null && !sha256Pattern.test(hash)) throw refuse(`"${hash}" is no SHA-256`);
  }
}

function refuseBadTensor(tensor: LoraTensor, rank: number): void {
  if (!loraTargetPattern.test(tensor.name)) throw refuse(`"${tensor.name}" is no linear layer of a block`);
  if (tensor.a.length !== rank * tensor.inFeatures) throw refuse(`"${tensor.name}": A is not [${rank}, in]`);
  if (tensor.b.length !== tensor.outFeatures * rank) throw refuse(`"${tensor.name}": B is not [out, ${rank}]`);
}

function metadataOf(adapter: LoraAdapterToWrite): Map<string, GgufValue> {
  return new Map<string, GgufValue>([
    [loraKeys.architecture, { type: "string", value: adapter.architecture }],
    [loraKeys.type, { type: "string", value: "adapter" }],
    [loraKeys.adapterType, { type: "string", value: "lora" }],
    [loraKeys.alpha, { type: "float32", value: adapter.alpha }],
    [loraKeys.baseSha256, { type: "string", value: adapter.baseSha256 }],
    [loraKeys.parentSha256, { type: "string", value: adapter.parentSha256 ?? noParent }],
    [loraKeys.version, { type: "uint32", value: adapter.version }],
    [loraKeys.rank, { type: "uint32", value: adapter.rank }],
  ]);
}

function sourcesOf(tensor: LoraTensor, rank: number, type: "F32" | "F16"): TensorSource[] {
  const encode = (suffix: string, values: Float32Array, shape: readonly number[]): TensorSource => {
    const name = `${tensor.name}.lora_${suffix}`;
    const data = type === "F16" ? toHalf(values) : singlePrecisionBytes(values);
    refuseNotFinite(name, type === "F16" ? new Float16Array(data.buffer) : values);
    return { name, type, shape, data };
  };
  return [encode("a", tensor.a, [rank, tensor.inFeatures]), encode("b", tensor.b, [tensor.outFeatures, rank])];
}

function refuseNotFinite(name: string, stored: Float32Array | Float16Array): void {
  const index = stored.findIndex((value: number) => !Number.isFinite(value));
  if (index >= 0) throw refuse(`"${name}" would hold ${stored[index]} at ${index}`);
}
