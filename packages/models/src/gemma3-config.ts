import { Gemma3Keys } from "./gemma3-keys.ts";
import type { GgufFile } from "./open-gguf.ts";

/** Which keys a layer's attention sees: all earlier ones, or those of the sliding window. */
export type Gemma3LayerKind = "global" | "local";

/** What a forward pass of Gemma 3 (text) needs beside the weights. */
export interface Gemma3Config {
  readonly layers: number;
  /** Residual stream. */
  readonly width: number;
  readonly feedForward: number;
  /** Query heads; a multiple of `keyValueHeads`. */
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headWidth: number;
  /** A local layer's query sees the last `slidingWindow` positions, its own included. */
  readonly slidingWindow: number;
  /** One per layer: each sixth is global. */
  readonly layerKinds: readonly Gemma3LayerKind[];
  readonly ropeBaseGlobal: number;
  readonly ropeBaseLocal: number;
  readonly rmsEpsilon: number;
  readonly vocabularySize: number;
  readonly contextLength: number;
  /** Factor of the embeddings: √width in single precision. */
  readonly embeddingScale: number;
  /** Factor of the queries: 1 / √headWidth. */
  readonly queryScale: number;
}

/** Layers 5, 11, 17, … are global (Gemma 3 report, arXiv:2503.19786: five local layers to one global). */
const globalPeriod = 6;
const defaultRopeBaseLocal = 10_000;
const defaultRopeBaseGlobal = 1_000_000;
const layersOf27b = 62;

/**
 * Reads the configuration of a Gemma 3 text model, and checks that every tensor is there in the shape it implies.
 * @throws LitmusError `incompatible` when the architecture differs or the file has something this package cannot honour
 */
export function gemma3Config(file: Pick<GgufFile, "path" | "metadata" | "tensors">): Gemma3Config {
  const keys = new Gemma3Keys(file);
  keys.refuseUnsupported();
  const width = keys.integer("embedding_length");
  const headWidth = keys.integer("attention.key_length");
  const layers = layerCount(keys);
  const config: Gemma3Config = {
    layers,
    width,
    feedForward: keys.integer("feed_forward_length"),
    heads: keys.integer("attention.head_count"),
    keyValueHeads: keys.integer("attention.head_count_kv"),
    headWidth,
    slidingWindow: keys.integer("attention.sliding_window"),
    layerKinds: Array.from({ length: layers }, (_, i) => ((i + 1) % globalPeriod === 0 ? "global" : "local")),
    ropeBaseGlobal: keys.positive("rope.freq_base", defaultRopeBaseGlobal),
    ropeBaseLocal: keys.positive("rope.freq_base_swa", defaultRopeBaseLocal),
    rmsEpsilon: keys.positive("attention.layer_norm_rms_epsilon"),
    vocabularySize: file.tensors.get("token_embd.weight")?.shape[0] ?? 0,
    contextLength: keys.integer("context_length"),
    embeddingScale: Math.fround(Math.sqrt(width)),
    queryScale: 1 / Math.sqrt(headWidth),
  };
  checkHeads(keys, config);
  checkTensors(keys, config);
  return config;
}

function layerCount(keys: Gemma3Keys): number {
  const layers = keys.integer("block_count");
  if (layers > keys.file.tensors.size) throw keys.refuse(`${layers} layers need more tensors than the file has`);
  if (layers === layersOf27b) throw keys.refuse("the 27B variant scales its queries differently: it is not supported");
  return layers;
}

function checkHeads(keys: Gemma3Keys, config: Gemma3Config): void {
  if (config.heads % config.keyValueHeads !== 0) {
    throw keys.refuse(`${config.heads} query heads do not share ${config.keyValueHeads} key-value heads evenly`);
  }
  if (keys.integer("attention.value_length") !== config.headWidth) throw keys.refuse("keys and values differ in width");
  if (config.headWidth % 2 !== 0) throw keys.refuse("the head width is odd: it cannot be rotated in pairs");
}

type Gemma3Sizes = Pick<
  Gemma3Config,
  "layers" | "width" | "feedForward" | "heads" | "keyValueHeads" | "headWidth" | "vocabularySize"
>;

/** The shape of each tensor of a model of this configuration, by name, in the order of common converters. */
export function gemma3Shapes(config: Gemma3Sizes): ReadonlyMap<string, readonly number[]> {
  const { width, feedForward, headWidth } = config;
  const query = config.heads * headWidth;
  const keyValue = config.keyValueHeads * headWidth;
  const block: Readonly<Record<string, readonly number[]>> = {
    "attn_norm.weight": [width],
    "attn_q.weight": [query, width],
    "attn_k.weight": [keyValue, width],
    "attn_v.weight": [keyValue, width],
    "attn_q_norm.weight": [headWidth],
    "attn_k_norm.weight": [headWidth],
    "attn_output.weight": [width, query],
    "post_attention_norm.weight": [width],
    "ffn_norm.weight": [width],
    "ffn_gate.weight": [feedForward, width],
    "ffn_up.weight": [feedForward, width],
    "ffn_down.weight": [width, feedForward],
    "post_ffw_norm.weight": [width],
  };
  const shapes = new Map<string, readonly number[]>([
    ["output_norm.weight", [width]],
    ["token_embd.weight", [config.vocabularySize, width]],
  ]);
  for (let layer = 0; layer < config.layers; layer++) {
    for (const [name, shape] of Object.entries(block)) shapes.set(`blk.${layer}.${name}`, shape);
  }
  return shapes;
}

function checkTensors(keys: Gemma3Keys, config: Gemma3Config): void {
  const shapes = gemma3Shapes(config);
  for (const [name, shape] of shapes) {
    const found = keys.file.tensors.get(name)?.shape;
    if (found === undefined) throw keys.refuse(`the tensor "${name}" is missing`);
    if (found.join() !== shape.join()) {
      throw keys.refuse(`the tensor "${name}" has the shape [${found.join(", ")}], not [${shape.join(", ")}]`);
    }
  }
  const unknown = [...keys.file.tensors.keys()].find((name) => !shapes.has(name));
  if (unknown !== undefined) throw keys.refuse(`the tensor "${unknown}" is not supported`);
}
