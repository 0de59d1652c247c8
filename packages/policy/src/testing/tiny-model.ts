import { join } from "node:path";
import { createRng, policyVersion } from "@litmus/core";
import type { AdapterReference, Sha256 } from "@litmus/core";
import { ggufArray, openGguf, writeGguf, writeLoraAdapter, writeTinyGemma3 } from "@litmus/models";
import type { GgufValue } from "@litmus/models";

export interface TinyModel {
  readonly path: string;
  readonly sha256: Sha256;
}

const layers = 6;
const width = 32;
const vocabularySize = 384;

/** A random Gemma 3 of 6 layers, one of them global, with a window of 16, that can spell every byte. */
export async function writeTinyModel(
  directory: string,
  options: { readonly isFlat?: boolean } = {},
): Promise<TinyModel> {
  const plain = join(directory, "plain.gguf");
  await writeTinyGemma3(plain, { seed: 1, layers, width, vocabularySize, contextLength: 1024, slidingWindow: 16 });
  await using file = await openGguf(plain);
  const metadata = new Map(file.metadata);
  metadata.set(
    "tokenizer.ggml.tokens",
    ggufArray(
      "string",
      tokens().map(({ text }) => text),
    ),
  );
  metadata.set(
    "tokenizer.ggml.token_type",
    ggufArray(
      "int32",
      tokens().map(({ type }) => type),
    ),
  );
  metadata.set("tokenizer.ggml.eot_token_id", { type: "uint32", value: endOfTurn } satisfies GgufValue);
  const tensors = [...file.tensors.values()].map((tensor) => ({
    name: tensor.name,
    type: tensor.type,
    shape: tensor.shape,
    // Equal embeddings give equal logits: every token is as likely as every other, whatever the context.
    data: async function* () {
      const bytes = await file.readRaw(tensor.name);
      yield options.isFlat === true && tensor.name === "token_embd.weight" ? bytes.fill(0) : bytes;
    },
  }));
  return await writeGguf(join(directory, options.isFlat === true ? "flat.gguf" : "tiny.gguf"), { metadata, tensors });
}

const types = { normal: 1, unknown: 2, control: 3, unused: 5, byte: 6 } as const;
const endOfTurn = 4;

function tokens(): { readonly text: string; readonly type: number }[] {
  const control = ["<pad>", "<eos>", "<bos>", "<unk>", "<end_of_turn>", "<start_of_turn>"];
  const of = (type: keyof typeof types) => (text: string) => ({ text, type: types[type] });
  const known = [
    ...control.map((text) => of(text === "<unk>" ? "unknown" : "control")(text)),
    ...["\u2581", "\n", ...Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i))].map(of("normal")),
    ...Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, "0")}>`).map(of("byte")),
  ];
  return Array.from({ length: vocabularySize }, (_, i) => known[i] ?? of("unused")(`<unused${i}>`));
}

export interface TinyAdapter {
  readonly version: number;
  /** Of B; 0 changes nothing. */
  readonly scale: number;
  readonly baseSha256: Sha256;
  /** Of the tensor it adapts; the tiny model's by default. */
  readonly features?: number;
  /** Output rows; as many as `features` by default. */
  readonly outFeatures?: number;
}

/** An adapter of rank 1 on the value projection's output of the first block. */
export async function writeTinyAdapter(path: string, adapter: TinyAdapter): Promise<AdapterReference> {
  const { version, scale, baseSha256, features = width, outFeatures = features } = adapter;
  const rng = createRng(`adapter ${version}`);
  const values = (length: number, size: number): Float32Array =>
    Float32Array.from({ length }, () => size * rng.normal());
  const tensor = {
    name: "blk.0.attn_output.weight",
    a: values(features, 1),
    b: values(outFeatures, scale),
    inFeatures: features,
    outFeatures,
  };
  const written = await writeLoraAdapter(path, {
    architecture: "gemma3",
    alpha: 1,
    rank: 1,
    baseSha256,
    parentSha256: null,
    version: policyVersion(version),
    tensors: [tensor],
  });
  return { version: policyVersion(version), path, sha256: written.sha256 };
}
