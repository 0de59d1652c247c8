/**
 * @file One block of Gemma 3 (arXiv:2503.19786) with LoRA (arXiv:2106.09685) as jax-js array code over one row of T tokens.
 * Every function takes over its arguments, as jax-js's own do: what is used again is passed as `.ref`.
 * Departs from the usual form so that each product lowers to one plain matrix product: the heads that share a
 * key-value head are folded into its rows.
 */
import { numpy as np, lax } from "@jax-js/jax";
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
  /** [T, headWidth]; of the sines, the first half is negated. */
  readonly rope: Arrays<"cosine" | "sine">;
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
  const queries = splitHeads(linear(shape, inputs, { target: "attn_q", input: input.ref }), [length, heads, headWidth]);
  const keys = splitHeads(linear(shape, inputs, { target: "attn_k", input: input.ref }), [
    length,
    keyValueHeads,
    headWidth,
  ]);
  const values = splitHeads(linear(shape, inputs, { target: "attn_v", input }), [length, keyValueHeads, headWidth]);
  const queryNorm = inputs.weights.attn_q_norm.mul(config.queryScale);
  const rotatedQueries = rotate(inputs, rmsNorm(shape, queries, queryNorm));
  const rotatedKeys = rotate(inputs, rmsNorm(shape, keys, inputs.weights.attn_k_norm));
  const ends = chunkEnds(length);
  const mixed = np.split(rotatedQueries, ends.slice(0, -1), 1).map((chunk, index) => {
    const end = ends[index] as number;
    return attend(config, {
      queries: chunk,
      keys: rotatedKeys.ref.slice([], [0, end], []),
      values: values.ref.slice([], [0, end], []),
      mask: inputs.mask.ref.slice([ends[index - 1] ?? 0, end], [0, end]),
    });
  });
  const joined = np.reshape(np.transpose(np.concatenate(mixed, 1), [1, 0, 2]), [length, heads * headWidth]);
  return linear(shape, inputs, { target: "attn_output", input: joined });
}

/** Queries that are taken at a time: they see no token after their last, so that nearly half of all products need no computing. */
const longestChunk = 128;

function chunkEnds(length: number): number[] {
  const count = Math.ceil(length / longestChunk);
  return Array.from({ length: count }, (_, index) => Math.min(length, (index + 1) * longestChunk));
}

/** queries [heads, C, headWidth] over keys and values [keyValueHeads, N, headWidth] and mask [C, N] → [heads, C, headWidth]. */
function attend(
  { heads, keyValueHeads, headWidth }: Gemma3Config,
  { queries, keys, values, mask }: Readonly<Record<"queries" | "keys" | "values" | "mask", np.Array>>,
): np.Array {
  const [count, seen] = mask.shape as [number, number];
  const folded = (heads / keyValueHeads) * count;
  const products = np.matmul(np.reshape(queries, [keyValueHeads, folded, headWidth]), np.transpose(keys, [0, 2, 1]));
  const probabilities = softmax(np.reshape(products, [heads, count, seen]).add(mask));
  const mixed = np.matmul(np.reshape(probabilities, [keyValueHeads, folded, seen]), values);
  return np.reshape(mixed, [heads, count, headWidth]);
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

/** [T, heads · headWidth] → [heads, T, headWidth]. */
function splitHeads(input: np.Array, shape: [number, number, number]): np.Array {
  return np.transpose(np.reshape(input, shape), [1, 0, 2]);
}

/** NeoX rotation of [heads, T, headWidth]. */
function rotate(inputs: BlockInputs, input: np.Array): np.Array {
  const { cosine, sine } = inputs.rope;
  const [first, second] = np.split(input.ref, 2, -1) as [np.Array, np.Array];
  return input.mul(cosine.ref).add(np.concatenate([second, first], -1).mul(sine.ref));
}

/*
 * Norm, softmax and GELU write out their derivatives: jax-js's own take half as many operations again. Each adds a second
 * term that is zero in value and has the derivative as its slope; it is removed from the forward pass.
 */

/** Of the last axis; the norm weights of a GGUF file already contain Gemma's +1. Derivative of n = r x: r (dx − n mean(n dx)). */
function rmsNorm(shape: BlockShape, input: np.Array, weight: np.Array): np.Array {
  const x = lax.stopGradient(input.ref);
  const meanSquare = np.mean(np.square(x.ref), -1, { keepdims: true });
  const r = np.reciprocal(np.sqrt(meanSquare.add(shape.config.rmsEpsilon)));
  const n = x.ref.mul(r.ref);
  const change = input.sub(x);
  const mean = np.mean(n.ref.mul(change.ref), -1, { keepdims: true });
  const slope = change.add(n.ref.mul(mean.neg())).mul(r);
  return n.add(slope).mul(weight);
}

/** Over the last axis. Derivative: p (dx − Σ p dx). */
function softmax(input: np.Array): np.Array {
  const x = lax.stopGradient(input.ref);
  const exponentials = np.exp(x.ref.sub(np.max(x.ref, -1, { keepdims: true })));
  const p = exponentials.ref.mul(np.reciprocal(np.sum(exponentials, -1, { keepdims: true })));
  const change = p.ref.mul(input.sub(x));
  const total = np.sum(change.ref, -1, { keepdims: true });
  return p.ref.add(change.add(p.mul(total.neg())));
}

const geluSlope = 2 * Math.sqrt(2 / Math.PI);
const geluCubic = 0.044715;

/** With tanh: x · σ(z), z = 2 √(2/π) (x + 0.044715 x³). Derivative: σ + x σ (1 − σ) dz/dx. */
function geluTanh(input: np.Array): np.Array {
  const x = lax.stopGradient(input.ref);
  const square = np.square(x.ref);
  const sigma = sigmoid(x.ref.mul(square.ref.mul(geluSlope * geluCubic).add(geluSlope)));
  const value = x.ref.mul(sigma.ref);
  const inner = square.mul(3 * geluSlope * geluCubic).add(geluSlope);
  const slope = value.ref.mul(sigma.ref.neg().add(1)).mul(inner).add(sigma);
  return value.add(input.sub(x).mul(slope));
}

/** Where the exponential overflows, its reciprocal is 0. */
function sigmoid(input: np.Array): np.Array {
  return np.reciprocal(np.exp(input.neg()).add(1));
}
