/**
 * @file One block of Gemma 3 (arXiv:2503.19786) with LoRA (arXiv:2106.09685) as jax-js array code over one row of T tokens.
 * Every function takes over its arguments, as jax-js's own do: what is used again is passed as `.ref`.
 * Departs from the usual form so that each product lowers to one plain matrix product: the heads that share a
 * key-value head are folded into its rows, and rotate-half is a product with a constant signed permutation.
 */
import { numpy as np, nn, lax } from "@jax-js/jax";
import type { Gemma3Config } from "@litmus/models";
import type { LoraTarget } from "./lora-targets.ts";

export type Arrays<Name extends string> = Readonly<Record<Name, np.Array>>;

export const normNames = [
  "attn_norm",
  "attn_q_norm",
  "attn_k_norm",
  "post_attention_norm",
  "ffn_norm",
  "post_ffw_norm",
] as const;
export type NormName = (typeof normNames)[number];

/** LoRA matrices by target: a [R, in], b [out, R]. */
export type BlockAdapter = Partial<Readonly<Record<LoraTarget, Arrays<"a" | "b">>>>;

export interface BlockInputs {
  readonly adapter: BlockAdapter;
  /** [T, width]. */
  readonly hidden: np.Array;
  readonly weights: Arrays<LoraTarget | NormName>;
  /** cosine and sine [T, headWidth]; rotation [headWidth, headWidth]. */
  readonly rope: Arrays<"cosine" | "sine" | "rotation">;
  /** [T, T]: 0 where the row's token sees the column's, a large negative number elsewhere. */
  readonly mask: np.Array;
}

export interface BlockShape {
  readonly config: Gemma3Config;
  /** T. */
  readonly length: number;
  /** alpha / rank. */
  readonly loraScale: number;
}

/** The block's output [T, width]. */
export function gemmaBlock(shape: BlockShape, inputs: BlockInputs): np.Array {
  const { hidden, weights } = inputs;
  const attended = attention(shape, inputs, rmsNorm(shape, hidden.ref, weights.attn_norm));
  const middle = hidden.add(rmsNorm(shape, attended, weights.post_attention_norm));
  const transformed = feedForward(shape, inputs, rmsNorm(shape, middle.ref, weights.ffn_norm));
  return middle.add(rmsNorm(shape, transformed, weights.post_ffw_norm));
}

function attention(shape: BlockShape, inputs: BlockInputs, input: np.Array): np.Array {
  const { config, length } = shape;
  const { heads, keyValueHeads, headWidth } = config;
  const folded = (heads / keyValueHeads) * length;
  const queries = splitHeads(linear(shape, inputs, { target: "attn_q", input: input.ref }), [length, heads, headWidth]);
  const keys = splitHeads(linear(shape, inputs, { target: "attn_k", input: input.ref }), [
    length,
    keyValueHeads,
    headWidth,
  ]);
  const values = splitHeads(linear(shape, inputs, { target: "attn_v", input }), [length, keyValueHeads, headWidth]);
  const rotatedQueries = rotate(inputs, rmsNorm(shape, queries, inputs.weights.attn_q_norm));
  const rotatedKeys = rotate(inputs, rmsNorm(shape, keys, inputs.weights.attn_k_norm));
  const products = np.matmul(
    np.reshape(rotatedQueries, [keyValueHeads, folded, headWidth]),
    np.transpose(rotatedKeys, [0, 2, 1]),
  );
  const scores = np.reshape(products, [heads, length, length]).mul(config.queryScale).add(inputs.mask);
  const probabilities = np.reshape(nn.softmax(scores), [keyValueHeads, folded, length]);
  const mixed = np.reshape(np.matmul(probabilities, values), [heads, length, headWidth]);
  const joined = np.reshape(np.transpose(mixed, [1, 0, 2]), [length, heads * headWidth]);
  return linear(shape, inputs, { target: "attn_output", input: joined });
}

function feedForward(shape: BlockShape, inputs: BlockInputs, input: np.Array): np.Array {
  const gate = linear(shape, inputs, { target: "ffn_gate", input: input.ref });
  const up = linear(shape, inputs, { target: "ffn_up", input });
  return linear(shape, inputs, { target: "ffn_down", input: geluTanh(gate).mul(up) });
}

/** x · Wᵀ + scale · (x · Aᵀ) · Bᵀ. */
function linear(shape: BlockShape, inputs: BlockInputs, call: { target: LoraTarget; input: np.Array }): np.Array {
  const weight = inputs.weights[call.target];
  const adapter = inputs.adapter[call.target];
  if (adapter === undefined) return np.matmul(call.input, np.transpose(weight));
  const plain = np.matmul(call.input.ref, np.transpose(weight));
  const low = np.matmul(call.input, np.transpose(adapter.a)).mul(shape.loraScale);
  return plain.add(np.matmul(low, np.transpose(adapter.b)));
}

/** The norm weights of a GGUF file already contain Gemma's +1. */
function rmsNorm(shape: BlockShape, input: np.Array, weight: np.Array): np.Array {
  const meanSquare = np.mean(np.square(input.ref), -1, { keepdims: true });
  return input.mul(np.reciprocal(np.sqrt(meanSquare.add(shape.config.rmsEpsilon)))).mul(weight);
}

/** [T, heads · headWidth] → [heads, T, headWidth]. */
function splitHeads(input: np.Array, shape: [number, number, number]): np.Array {
  return np.transpose(np.reshape(input, shape), [1, 0, 2]);
}

/** NeoX rotation of [heads, T, headWidth]. */
function rotate(inputs: BlockInputs, input: np.Array): np.Array {
  const { cosine, sine, rotation } = inputs.rope;
  return input.ref.mul(cosine.ref).add(np.matmul(input, rotation.ref).mul(sine.ref));
}

const geluSlope = 2 * Math.sqrt(2 / Math.PI);
const geluCubic = 0.044715;

/**
 * GELU with tanh: x · σ(z), z = 2 √(2/π) (x + 0.044715 x³). Its derivative σ + x σ (1 − σ) dz/dx is written out:
 * jax-js's own takes half as many operations again. The second term is zero in value, and is removed from the forward pass.
 */
function geluTanh(input: np.Array): np.Array {
  const x = lax.stopGradient(input.ref);
  const square = np.square(x.ref);
  const sigma = sigmoid(x.ref.mul(square.ref.mul(geluSlope * geluCubic).add(geluSlope)));
  const value = x.ref.mul(sigma.ref);
  const inner = square.mul(3 * geluSlope * geluCubic).add(geluSlope);
  const slope = value.ref.mul(sigma.ref.mul(-1).add(1)).mul(inner).add(sigma);
  return value.add(input.sub(x).mul(slope));
}

/** exp(x − m) / (exp(x − m) + exp(−m)) with m = max(x, 0): no exponential overflows. */
function sigmoid(input: np.Array): np.Array {
  const shift = np.maximum(input.ref, 0);
  const numerator = np.exp(input.sub(shift.ref));
  return numerator.ref.mul(np.reciprocal(numerator.add(np.exp(shift.mul(-1)))));
}
