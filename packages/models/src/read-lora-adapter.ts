import { LitmusError, policyVersion, sha256OfFile } from "@litmus/core";
import type { Sha256 } from "@litmus/core";
import { corruptGguf } from "./gguf-header.ts";
import type { GgufTensor } from "./gguf-header.ts";
import { loraKeys, loraTargetPattern, noParent, sha256Pattern } from "./lora-adapter.ts";
import type { LoraAdapter, LoraTensor } from "./lora-adapter.ts";
import { openGguf } from "./open-gguf.ts";
import type { GgufFile } from "./open-gguf.ts";
import { wrongHash } from "./write-atomically.ts";

/** What an adapter must be to be of use. */
export interface ExpectedAdapter {
  /** The base in use; null reads the adapter of whatever base, for inspection. */
  readonly baseSha256: Sha256 | null;
  /** The adapter file's own hash, where a manifest gives it: checked before anything is parsed. */
  readonly sha256?: Sha256;
}

/**
 * Reads an adapter written by this package, every value and key checked.
 * @throws LitmusError `corrupt-file` when the file is damaged or its hash differs; `incompatible` for another base,
 * or for an adapter without the keys that say what it belongs to
 */
export async function readLoraAdapter(path: string, expected: ExpectedAdapter): Promise<LoraAdapter> {
  if (expected.sha256 !== undefined) await refuseOtherContent(path, expected.sha256);
  await using file = await openGguf(path);
  const head = readHead(file);
  if (expected.baseSha256 !== null && head.baseSha256 !== expected.baseSha256) {
    throw new LitmusError(
      "incompatible",
      `${path}: this adapter belongs to the base ${head.baseSha256}, not to ${expected.baseSha256}`,
      { path, hint: "use the base model that the adapter was trained on" },
    );
  }
  return { ...head, tensors: await readPairs(file, head.rank) };
}

async function refuseOtherContent(path: string, expected: Sha256): Promise<void> {
  const found = await sha256OfFile(path);
  if (found !== expected) throw wrongHash(path, found, expected);
}

function readHead(file: GgufFile): Omit<LoraAdapter, "tensors"> {
  const keys = new AdapterKeys(file);
  if (keys.text(loraKeys.type) !== "adapter") throw keys.refuse("this is no adapter");
  if (keys.text(loraKeys.adapterType) !== "lora") throw keys.refuse("this is no LoRA adapter");
  const parent = keys.text(loraKeys.parentSha256);
  const alpha = keys.number(loraKeys.alpha, "float32");
  if (!(alpha > 0 && Number.isFinite(alpha))) throw corruptGguf(file.path, `its alpha is ${alpha}`);
  return {
    architecture: keys.text(loraKeys.architecture),
    alpha,
    rank: keys.number(loraKeys.rank, "uint32"),
    baseSha256: keys.hash(loraKeys.baseSha256),
    parentSha256: parent === noParent ? null : keys.hash(loraKeys.parentSha256),
    version: policyVersion(keys.number(loraKeys.version, "uint32")),
  };
}

class AdapterKeys {
  readonly #file: GgufFile;

  constructor(file: GgufFile) {
    this.#file = file;
  }

  refuse(what: string): LitmusError {
    return new LitmusError("incompatible", `${this.#file.path}: ${what}`, {
      path: this.#file.path,
      hint: "use an adapter that this project's training wrote",
    });
  }

  text(key: string): string {
    const entry = this.#file.metadata.get(key);
    if (entry?.type !== "string") throw this.refuse(`the key "${key}" is missing`);
    return entry.value;
  }

  number(key: string, type: "uint32" | "float32"): number {
    const entry = this.#file.metadata.get(key);
    if (entry?.type !== type) throw this.refuse(`the key "${key}" is missing`);
    return entry.value;
  }

  hash(key: string): Sha256 {
    const value = this.text(key);
    if (!sha256Pattern.test(value)) throw corruptGguf(this.#file.path, `the key "${key}" is no SHA-256`);
    return value as Sha256;
  }
}

async function readPairs(file: GgufFile, rank: number): Promise<LoraTensor[]> {
  const names = [...file.tensors.keys()].filter((name) => name.endsWith(".lora_a")).map((name) => name.slice(0, -7));
  if (names.length === 0 || file.tensors.size !== 2 * names.length) {
    throw corruptGguf(file.path, `${file.tensors.size} tensors are not pairs of A and B`);
  }
  const pairs: LoraTensor[] = [];
  for (const name of names.sort()) pairs.push(await readPair(file, name, rank));
  return pairs;
}

async function readPair(file: GgufFile, name: string, rank: number): Promise<LoraTensor> {
  const [rankOfA, inFeatures] = matrixShape(file, `${name}.lora_a`);
  const [outFeatures, rankOfB] = matrixShape(file, `${name}.lora_b`);
  if (rankOfA !== rank || rankOfB !== rank) {
    throw corruptGguf(file.path, `"${name}" has the ranks ${rankOfA} and ${rankOfB}, the adapter ${rank}`);
  }
  if (!loraTargetPattern.test(name)) throw corruptGguf(file.path, `"${name}" is no linear layer of a block`);
  const a = await finiteValues(file, `${name}.lora_a`);
  const b = await finiteValues(file, `${name}.lora_b`);
  return { name, a, b, inFeatures, outFeatures };
}

function matrixShape(file: GgufFile, name: string): readonly [number, number] {
  const tensor: GgufTensor | undefined = file.tensors.get(name);
  const [rows, columns] = tensor?.shape ?? [];
  if (rows === undefined || columns === undefined || tensor?.shape.length !== 2) {
    throw corruptGguf(file.path, `"${name}" is missing or no matrix`);
  }
  return [rows, columns];
}

async function finiteValues(file: GgufFile, name: string): Promise<Float32Array> {
  const values = await file.readTensor(name);
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) throw corruptGguf(file.path, `"${name}" holds ${values[index]} at ${index}`);
  return values;
}
