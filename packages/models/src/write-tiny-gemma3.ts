import { createRng } from "@litmus/core";
import type { Rng } from "@litmus/core";
import { ggufArray } from "./encode-gguf.ts";
import { gemma3Shapes } from "./gemma3-config.ts";
import type { GgufValue } from "./gguf-value.ts";
import { toHalf } from "./half-precision.ts";
import type { WrittenFile } from "./write-atomically.ts";
import { singlePrecisionBytes, writeGguf } from "./write-gguf.ts";
import type { TensorSource } from "./write-gguf.ts";

/** Sizes of a tiny model; each has a default. */
export interface TinyGemma3 {
  readonly seed: number;
  /** 2 by default; 6 or more has a global layer. */
  readonly layers?: number;
  readonly width?: number;
  readonly feedForward?: number;
  readonly heads?: number;
  readonly keyValueHeads?: number;
  readonly headWidth?: number;
  readonly slidingWindow?: number;
  readonly contextLength?: number;
  /** 128 by default: 4 control tokens, the printable ASCII characters, the line feed, unused ones. */
  readonly vocabularySize?: number;
  /** Of the matrices; norms are always single precision. */
  readonly type?: "F32" | "F16";
}

const defaults = {
  layers: 2,
  width: 32,
  feedForward: 64,
  heads: 2,
  keyValueHeads: 1,
  headWidth: 16,
  slidingWindow: 16,
  contextLength: 256,
  vocabularySize: 128,
};

/**
 * Writes a random Gemma 3 of a few kilobytes: for tests of whatever reads, samples or trains one.
 * Equal arguments give equal bytes. Its logits have a standard deviation near 1, so that no distribution is flat.
 */
export async function writeTinyGemma3(path: string, options: TinyGemma3): Promise<WrittenFile> {
  const sizes = { ...defaults, ...options };
  const shapes = gemma3Shapes(sizes);
  const type = options.type ?? "F32";
  const tensors = [...shapes].map(([name, shape]): TensorSource => {
    const values = randomValues(createRng(`${options.seed}:${name}`), shape);
    if (shape.length === 1 || type === "F32") return { name, shape, type: "F32", data: singlePrecisionBytes(values) };
    return { name, shape, type, data: toHalf(values) };
  });
  return writeGguf(path, { metadata: metadataOf(sizes, type), tensors });
}

/** Norms lie about 1; matrices keep the size of what passes through. */
function randomValues(rng: Rng, shape: readonly number[]): Float32Array {
  const elements = shape.reduce((product, size) => product * size, 1);
  const isNorm = shape.length === 1;
  const scale = isNorm ? 0.1 : 1 / Math.sqrt(shape.at(-1) ?? 1);
  return Float32Array.from({ length: elements }, () => (isNorm ? 1 : 0) + scale * rng.normal());
}

function metadataOf(sizes: typeof defaults, type: "F32" | "F16"): Map<string, GgufValue> {
  const integer = (value: number): GgufValue => ({ type: "uint32", value });
  const text = (value: string): GgufValue => ({ type: "string", value });
  return new Map<string, GgufValue>([
    ["general.architecture", text("gemma3")],
    ["general.type", text("model")],
    ["general.name", text("Tiny random Gemma 3")],
    ["gemma3.context_length", integer(sizes.contextLength)],
    ["gemma3.embedding_length", integer(sizes.width)],
    ["gemma3.block_count", integer(sizes.layers)],
    ["gemma3.feed_forward_length", integer(sizes.feedForward)],
    ["gemma3.attention.head_count", integer(sizes.heads)],
    ["gemma3.attention.layer_norm_rms_epsilon", { type: "float32", value: 1e-6 }],
    ["gemma3.attention.key_length", integer(sizes.headWidth)],
    ["gemma3.attention.value_length", integer(sizes.headWidth)],
    ["gemma3.rope.freq_base", { type: "float32", value: 1_000_000 }],
    ["gemma3.attention.sliding_window", integer(sizes.slidingWindow)],
    ["gemma3.attention.head_count_kv", integer(sizes.keyValueHeads)],
    ...tokenizerOf(sizes.vocabularySize),
    ["general.file_type", integer(type === "F16" ? 1 : 0)],
  ]);
}

/** SentencePiece types of llama.cpp. */
const tokenTypes = { normal: 1, unknown: 2, control: 3, unused: 5 } as const;

function tokenizerOf(vocabularySize: number): [string, GgufValue][] {
  const control = ["<pad>", "<eos>", "<bos>", "<unk>"];
  const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  const known = [...control, "\u2581", "\n", ...printable].slice(0, vocabularySize);
  const tokens = Array.from({ length: vocabularySize }, (_, i) => known[i] ?? `<unused${i}>`);
  const typeOf = (_: string, i: number): number => {
    if (i === 3) return tokenTypes.unknown;
    if (i < control.length) return tokenTypes.control;
    return i < known.length ? tokenTypes.normal : tokenTypes.unused;
  };
  const id = (value: number): GgufValue => ({ type: "uint32", value });
  return [
    ["tokenizer.ggml.model", { type: "string", value: "llama" }],
    ["tokenizer.ggml.pre", { type: "string", value: "default" }],
    ["tokenizer.ggml.tokens", ggufArray("string", tokens)],
    [
      "tokenizer.ggml.scores",
      ggufArray(
        "float32",
        tokens.map((_, i) => -i),
      ),
    ],
    ["tokenizer.ggml.token_type", ggufArray("int32", tokens.map(typeOf))],
    ["tokenizer.ggml.bos_token_id", id(2)],
    ["tokenizer.ggml.eos_token_id", id(1)],
    ["tokenizer.ggml.unknown_token_id", id(3)],
    ["tokenizer.ggml.padding_token_id", id(0)],
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: true }],
    ["tokenizer.ggml.add_space_prefix", { type: "bool", value: false }],
  ];
}
