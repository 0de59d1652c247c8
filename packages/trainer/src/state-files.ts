/** @file One training state as two files: the adapter (as the sampler loads it) and the optimiser's moments, both GGUF in single precision. */
import { join } from "node:path";
import { LitmusError, sha256OfFile, toLitmusError } from "@litmus/core";
import type { AdapterFile, PolicyVersion, SavedState, SaveRequest, Sha256 } from "@litmus/core";
import { openGguf, readLoraAdapter, writeGguf, writeLoraAdapter } from "@litmus/models";
import type { GgufFile, GgufValue, LoraAdapter, LoraTensor } from "@litmus/models";
import type { AdapterMatrix, LoraSettings } from "./adapter/adapter-parameters.ts";
import { matrixValues } from "./adapter/adapter-parameters.ts";
import type { TrainingState } from "./adamw.ts";

/** What a state belongs to; a file of another is refused. */
export interface StateIdentity {
  readonly baseSha256: Sha256;
  readonly lora: LoraSettings;
  readonly matrices: readonly AdapterMatrix[];
}

const keys = { updates: "litmus.updates", adapterSha256: "litmus.adapter_sha256" } as const;
const moments = ["first_moment", "second_moment"] as const;

/** `v0007` for 7. */
export function versionName(version: PolicyVersion): string {
  return `v${String(version).padStart(4, "0")}`;
}

/** Writes both files; equal states give equal bytes. */
export async function writeState(
  identity: StateIdentity,
  state: TrainingState,
  request: SaveRequest,
): Promise<SavedState> {
  const adapterPath = join(request.directory, `adapter-${versionName(request.version)}.gguf`);
  const optimizerPath = join(request.directory, `optimizer-${versionName(request.version)}.gguf`);
  const adapter = await writeLoraAdapter(adapterPath, {
    architecture: "gemma3",
    alpha: identity.lora.alpha,
    rank: identity.lora.rank,
    baseSha256: identity.baseSha256,
    parentSha256: request.parentSha256,
    version: request.version,
    tensors: toTensors(identity.matrices, state.parameters),
  });
  const optimizer = await writeGguf(optimizerPath, {
    metadata: new Map<string, GgufValue>([
      [keys.updates, { type: "uint32", value: state.updates }],
      [keys.adapterSha256, { type: "string", value: adapter.sha256 }],
    ]),
    tensors: [
      { name: moments[0], type: "F32", shape: [state.firstMoment.length], data: bytesOf(state.firstMoment) },
      { name: moments[1], type: "F32", shape: [state.secondMoment.length], data: bytesOf(state.secondMoment) },
    ],
  });
  return {
    version: request.version,
    adapterPath,
    adapterSha256: adapter.sha256,
    optimizerPath,
    optimizerSha256: optimizer.sha256,
    updates: state.updates,
  };
}

/** Reads both files. @throws LitmusError `corrupt-file` when a hash differs, `incompatible` when base, rank, alpha, targets or shapes do */
export async function readState(identity: StateIdentity, saved: SavedState): Promise<TrainingState> {
  const parameters = await readAdapter(identity, saved);
  await refuseOtherContent(saved.optimizerPath, saved.optimizerSha256);
  await using file = await openGguf(saved.optimizerPath);
  if (text(file, keys.adapterSha256) !== saved.adapterSha256) {
    throw new LitmusError(
      "incompatible",
      `${saved.optimizerPath} belongs to another adapter than ${saved.adapterPath}`,
      { path: saved.optimizerPath },
    );
  }
  const [firstMoment, secondMoment] = [await file.readTensor(moments[0]), await file.readTensor(moments[1])];
  const updates = file.metadata.get(keys.updates);
  const isWhole = firstMoment.length === parameters.length && secondMoment.length === parameters.length;
  if (!isWhole || updates?.type !== "uint32" || updates.value !== saved.updates) {
    throw new LitmusError(
      "incompatible",
      `${saved.optimizerPath} is not the optimiser state after ${saved.updates} updates`,
      { path: saved.optimizerPath },
    );
  }
  return { parameters, firstMoment, secondMoment, updates: saved.updates };
}

/** The adapter's parameters alone. @throws LitmusError as {@link readState} */
export async function readAdapter(identity: StateIdentity, file: AdapterFile): Promise<Float32Array> {
  await refuseOtherContent(file.adapterPath, file.adapterSha256);
  const adapter = await readLoraAdapter(file.adapterPath, { baseSha256: identity.baseSha256 });
  return toParameters(identity, adapter, file.adapterPath);
}

async function refuseOtherContent(path: string, expected: Sha256): Promise<void> {
  const found = await sha256OfFile(path).catch((error: unknown) => {
    throw toLitmusError(error);
  });
  if (found !== expected)
    throw new LitmusError("corrupt-file", `${path} has the hash ${found}, not ${expected}`, { path });
}

/** Pairs a and b of each target, under the name of the base's tensor. */
function toTensors(matrices: readonly AdapterMatrix[], parameters: Float32Array): LoraTensor[] {
  const tensors: LoraTensor[] = [];
  for (let i = 0; i + 1 < matrices.length; i += 2) {
    const [a, b] = [matrices[i], matrices[i + 1]] as [AdapterMatrix, AdapterMatrix];
    tensors.push({
      name: tensorName(a),
      a: matrixValues(parameters, a),
      b: matrixValues(parameters, b),
      inFeatures: a.shape[1],
      outFeatures: b.shape[0],
    });
  }
  return tensors;
}

function toParameters(identity: StateIdentity, adapter: LoraAdapter, path: string): Float32Array {
  const { lora, matrices } = identity;
  const refuse = (what: string): LitmusError => new LitmusError("incompatible", `${path}: ${what}`, { path });
  if (adapter.rank !== lora.rank || adapter.alpha !== Math.fround(lora.alpha)) {
    throw refuse(
      `the adapter has rank ${adapter.rank} and alpha ${adapter.alpha}, the trainer ${lora.rank} and ${lora.alpha}`,
    );
  }
  if (adapter.tensors.length * 2 !== matrices.length)
    throw refuse(`the adapter has ${adapter.tensors.length} targets, the trainer ${matrices.length / 2}`);
  const byName = new Map(adapter.tensors.map((tensor) => [tensor.name, tensor]));
  const last = matrices.at(-1) as AdapterMatrix;
  const parameters = new Float32Array(last.offset + last.shape[0] * last.shape[1]);
  for (const matrix of matrices) {
    const values = byName.get(tensorName(matrix))?.[matrix.part];
    const own = matrixValues(parameters, matrix);
    if (values?.length !== own.length)
      throw refuse(`the adapter's "${tensorName(matrix)}" is missing or has another shape`);
    own.set(values);
  }
  return parameters;
}

function tensorName(matrix: AdapterMatrix): string {
  return `blk.${matrix.layer}.${matrix.target}.weight`;
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function text(file: GgufFile, key: string): string | null {
  const entry = file.metadata.get(key);
  return entry?.type === "string" ? entry.value : null;
}
