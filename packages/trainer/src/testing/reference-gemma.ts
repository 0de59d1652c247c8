/** @file Gemma 3 with LoRA in plain double-precision loops, one sequence at a time: what the engine is checked against. Tests only. */
import type { Gemma3Config } from "@litmus/models";
import type { AdapterMatrix } from "../adapter/adapter-parameters.ts";
import type { ModelWeights } from "../engine/model-weights.ts";

type Rows = Float64Array[];
type Block = ModelWeights["blocks"][number];

export interface ReferenceModel {
  readonly weights: ModelWeights;
  readonly matrices: readonly AdapterMatrix[];
  readonly loraScale: number;
}

export interface ReferenceAnswer {
  readonly logProbs: number[];
  readonly entropies: number[];
}

/** Log-probabilities and entropies at the positions. @param parameters all adapter values */
export function referenceAnswer(
  model: ReferenceModel,
  parameters: Float64Array,
  query: { tokens: readonly number[]; positions: readonly number[] },
): ReferenceAnswer {
  const { config, embedding, outputNorm } = model.weights;
  const row = (token: number): Float64Array =>
    Float64Array.from(embedding.subarray(token * config.width, (token + 1) * config.width));
  let hidden: Rows = query.tokens.map((token) => row(token).map((value) => value * config.embeddingScale));
  for (let layer = 0; layer < config.layers; layer++) hidden = block(model, parameters, { layer, hidden });
  const answers = query.positions.map((position) => {
    const last = norm(item(hidden, position - 1), outputNorm, config.rmsEpsilon);
    const logits = Array.from({ length: config.vocabularySize }, (_, token) => dot(last, row(token)));
    const maximum = Math.max(...logits);
    const logSumExp = maximum + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - maximum), 0));
    const entropy = logits.reduce((sum, logit) => sum - Math.exp(logit - logSumExp) * (logit - logSumExp), 0);
    return { logProb: item(logits, item(query.tokens, position)) - logSumExp, entropy };
  });
  return { logProbs: answers.map((one) => one.logProb), entropies: answers.map((one) => one.entropy) };
}

function block(model: ReferenceModel, parameters: Float64Array, at: { layer: number; hidden: Rows }): Rows {
  const { config, blocks } = model.weights;
  const weights = item(blocks, at.layer);
  const normed = (rows: Rows, name: keyof Block): Rows =>
    rows.map((one) => norm(one, weights[name].data, config.rmsEpsilon));
  const linear = (rows: Rows, target: AdapterMatrix["target"]): Rows =>
    linearWithAdapter(model, parameters, { layer: at.layer, target, rows });
  const attended = linear(
    attention(config, weights, { layer: at.layer, normed: normed(at.hidden, "attn_norm"), linear }),
    "attn_output",
  );
  const middle = sum(at.hidden, normed(attended, "post_attention_norm"));
  const input = normed(middle, "ffn_norm");
  const [gate, up] = [linear(input, "ffn_gate"), linear(input, "ffn_up")];
  const product = gate.map((one, token) => one.map((value, i) => gelu(value) * item(item(up, token), i)));
  return sum(middle, normed(linear(product, "ffn_down"), "post_ffw_norm"));
}

function attention(
  config: Gemma3Config,
  weights: Block,
  part: { layer: number; normed: Rows; linear: (rows: Rows, target: AdapterMatrix["target"]) => Rows },
): Rows {
  const { headWidth, heads, keyValueHeads } = config;
  const isGlobal = config.layerKinds[part.layer] === "global";
  const window = isGlobal ? Infinity : config.slidingWindow;
  const base = isGlobal ? config.ropeBaseGlobal : config.ropeBaseLocal;
  const head = (rows: Rows, index: number): Rows =>
    rows.map((one) => one.slice(index * headWidth, (index + 1) * headWidth));
  const rotated = (rows: Rows, weight: Float32Array): Rows =>
    rows.map((one, position) => rotate(norm(one, weight, config.rmsEpsilon), position, base));
  const [q, k, v] = [
    part.linear(part.normed, "attn_q"),
    part.linear(part.normed, "attn_k"),
    part.linear(part.normed, "attn_v"),
  ];
  const output = q.map(() => new Float64Array(heads * headWidth));
  for (let index = 0; index < heads; index++) {
    const shared = Math.floor(index / (heads / keyValueHeads));
    const queries = rotated(head(q, index), weights.attn_q_norm.data);
    const keys = rotated(head(k, shared), weights.attn_k_norm.data);
    const values = head(v, shared);
    queries.forEach((query, token) => {
      const seen = keys.map((_, other) => other).filter((other) => other <= token && token - other < window);
      const scores = seen.map((other) => Math.exp(dot(query, item(keys, other)) * config.queryScale));
      const total = scores.reduce((all, score) => all + score, 0);
      seen.forEach((other, i) => {
        const own = item(output, token).subarray(index * headWidth, (index + 1) * headWidth);
        own.set(own.map((value, d) => value + (item(scores, i) / total) * item(item(values, other), d)));
      });
    });
  }
  return output;
}

function linearWithAdapter(
  model: ReferenceModel,
  parameters: Float64Array,
  call: { layer: number; target: AdapterMatrix["target"]; rows: Rows },
): Rows {
  const weight = item(model.weights.blocks, call.layer)[call.target];
  const matrix = (part: "a" | "b"): AdapterMatrix | undefined =>
    model.matrices.find((one) => one.layer === call.layer && one.target === call.target && one.part === part);
  const times = (row: Float64Array, values: Float32Array | Float64Array, outputs: number): Float64Array =>
    Float64Array.from({ length: outputs }, (_, out) =>
      dot(row, values.subarray(out * row.length, (out + 1) * row.length)),
    );
  const [a, b] = [matrix("a"), matrix("b")];
  return call.rows.map((row) => {
    const plain = times(row, weight.data, item(weight.dims, 0));
    if (a === undefined || b === undefined) return plain;
    const low = times(row, parameters.subarray(a.offset, a.offset + a.shape[0] * a.shape[1]), a.shape[0]);
    const high = times(low, parameters.subarray(b.offset, b.offset + b.shape[0] * b.shape[1]), b.shape[0]);
    return plain.map((value, i) => value + model.loraScale * item(high, i));
  });
}

function norm(row: Float64Array, weight: Float32Array, epsilon: number): Float64Array {
  const scale = 1 / Math.sqrt(dot(row, row) / row.length + epsilon);
  return row.map((value, i) => value * scale * item(weight, i));
}

function rotate(row: Float64Array, position: number, base: number): Float64Array {
  const half = row.length / 2;
  return row.map((value, i) => {
    const angle = position * base ** (-(i % half) / half);
    return i < half
      ? value * Math.cos(angle) - item(row, i + half) * Math.sin(angle)
      : value * Math.cos(angle) + item(row, i - half) * Math.sin(angle);
  });
}

const gelu = (x: number): number => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += item(a, i) * item(b, i);
  return total;
}

function sum(a: Rows, b: Rows): Rows {
  return a.map((row, token) => row.map((value, i) => value + item(item(b, token), i)));
}

/** An element that is known to be there. */
function item<T>(values: ArrayLike<T>, index: number): T {
  return values[index] as T;
}
