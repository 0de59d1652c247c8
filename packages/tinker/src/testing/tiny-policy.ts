/**
 * @file A real policy small enough to compute by hand: a linear model of the tokens before, with a LoRA adapter.
 * logits = (W + 32/rank · B A) x, with x = Σ_k 0.5^k · embedding(token k places back), k < 8.
 * Its gradient is exact, so a wrong sign, shift, mask or divisor shows in what is learned.
 */
import { createRng } from "@litmus/core";

/** Shapes: A [R][F], B [V][R]. */
export interface TinyAdapter {
  readonly rank: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/** One position of a sequence: what it takes to differentiate it. */
interface Position {
  readonly features_F: Float64Array;
  readonly logProbs_V: Float64Array;
}

const features = 8;
const alpha = 32;

const normals = (seed: string, count: number, scale: number): Float64Array => {
  const rng = createRng(seed);
  return Float64Array.from({ length: count }, () => scale * rng.normal());
};

/** A fresh adapter: B is zero, so that it equals the base. */
export function freshAdapter(vocabularySize: number, rank: number, seed: number): TinyAdapter {
  return { rank, a: normals(`lora ${seed}`, rank * features, 0.04), b: new Float64Array(vocabularySize * rank) };
}

export const copyAdapter = ({ rank, a, b }: TinyAdapter): TinyAdapter => ({ rank, a: a.slice(), b: b.slice() });

export class TinyPolicy {
  readonly vocabularySize: number;
  readonly #embedding_V_F: Float64Array;
  readonly #head_V_F: Float64Array;

  /** @param name of the base: another name has other weights */
  constructor(name: string, vocabularySize: number) {
    this.vocabularySize = vocabularySize;
    this.#embedding_V_F = normals(`embedding ${name}`, vocabularySize * features, 0.25);
    this.#head_V_F = normals(`head ${name}`, vocabularySize * features, 0.7);
  }

  /** V log-probabilities of the token after `context`, in nats. */
  next(adapter: TinyAdapter, context: readonly number[]): Float64Array {
    return this.#position(adapter, context, context.length).logProbs_V;
  }

  /** Log-probability of each target given the inputs up to its place. */
  logProbs(adapter: TinyAdapter, inputs: readonly number[], targets: readonly number[]): number[] {
    return targets.map((target, i) => this.#position(adapter, inputs, i + 1).logProbs_V[target] as number);
  }

  /**
   * Adds Σ slope · ∂ log-probability / ∂ adapter to a gradient of the adapter's form.
   * @param slopes one a target: the loss's derivative with respect to its log-probability
   */
  addGradient(
    adapter: TinyAdapter,
    sequence: { readonly inputs: readonly number[]; readonly targets: readonly number[] },
    slopes: readonly number[],
    gradient: TinyAdapter,
  ): void {
    sequence.targets.forEach((target, i) => {
      const slope = slopes[i] as number;
      if (slope === 0) return;
      const { features_F, logProbs_V } = this.#position(adapter, sequence.inputs, i + 1);
      const logitSlopes_V = logProbs_V.map(
        (logProb, token) => slope * ((token === target ? 1 : 0) - Math.exp(logProb)),
      );
      addOuterProducts(adapter, features_F, logitSlopes_V, gradient);
    });
  }

  #position(adapter: TinyAdapter, tokens: readonly number[], length: number): Position {
    const features_F = new Float64Array(features);
    for (let back = 0; back < Math.min(length, features); back++) {
      const token = tokens[length - 1 - back] as number;
      addScaled(features_F, row(this.#embedding_V_F, features, token), 0.5 ** back);
    }
    const low_R = lowRank(adapter, features_F);
    const scale = alpha / adapter.rank;
    const logits_V = Float64Array.from(
      { length: this.vocabularySize },
      (_, token) =>
        dot(row(this.#head_V_F, features, token), features_F) + scale * dot(row(adapter.b, adapter.rank, token), low_R),
    );
    return { features_F, logProbs_V: logSoftmax(logits_V) };
  }
}

function addOuterProducts(
  { rank, a, b }: TinyAdapter,
  features_F: Float64Array,
  logitSlopes_V: Float64Array,
  gradient: TinyAdapter,
): void {
  const scale = alpha / rank;
  const low_R = lowRank({ rank, a, b }, features_F);
  const lowSlopes_R = new Float64Array(rank);
  logitSlopes_V.forEach((slope, token) => {
    addScaled(row(gradient.b, rank, token), low_R, scale * slope);
    addScaled(lowSlopes_R, row(b, rank, token), scale * slope);
  });
  lowSlopes_R.forEach((slope, r) => addScaled(row(gradient.a, features, r), features_F, slope));
}

const lowRank = ({ rank, a }: TinyAdapter, features_F: Float64Array): Float64Array =>
  Float64Array.from({ length: rank }, (_, r) => dot(row(a, features, r), features_F));

const row = (matrix: Float64Array, width: number, index: number): Float64Array =>
  matrix.subarray(index * width, (index + 1) * width);

const dot = (x: Float64Array, y: Float64Array): number =>
  x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);

function addScaled(into: Float64Array, values: Float64Array, factor: number): void {
  values.forEach((value, i) => (into[i] = (into[i] as number) + factor * value));
}

function logSoftmax(logits: Float64Array): Float64Array {
  const highest = logits.reduce((high, value) => Math.max(high, value), -Infinity);
  const logSum = Math.log(logits.reduce((sum, value) => sum + Math.exp(value - highest), 0));
  return logits.map((value) => value - highest - logSum);
}
