/** @file The tied head over the whole vocabulary, by hand: jax-js cannot differentiate a gather, and the logits of a row would not fit. */
import type { ModelWeights } from "./model-weights.ts";
import { headGradientGraph, logitsGraph } from "./head-graphs.ts";
import { compileGraph, emptyF32Tensor, f32Tensor } from "./session.ts";
import type { CompiledGraph, F32Tensor, SessionSettings } from "./session.ts";

/** One slice of the vocabulary with the logits of the latest forward pass. */
interface Slice {
  readonly first: number;
  readonly embedding: F32Tensor;
  /** Room for `maxPositions` rows. */
  readonly logits: Float32Array;
}

/** Per position, in nats; or derivatives with respect to each. */
export interface HeadResult {
  readonly logProbs: Float64Array;
  readonly entropies: Float64Array;
}

/** Running Σ exp and Σ exp · logit of one position, relative to the largest logit so far. */
interface Statistics {
  maximum: number;
  sum: number;
  weighted: number;
}

/** Largest number of positions in one pass: their logits over the whole vocabulary stay in memory until the gradient is taken. */
export const maxPositions = 128;
const largestSlice = 32_768;

/** Log-probabilities of chosen tokens, and the gradient of a function of them. */
export class VocabularyHead {
  readonly #weights: ModelWeights;
  readonly #slices: readonly Slice[];
  readonly #logitsGraph: CompiledGraph;
  readonly #gradientGraph: CompiledGraph;
  readonly #entropyGradientGraph: CompiledGraph;
  readonly #logSumExp = new Float32Array(maxPositions);
  #entropies = new Float64Array();

  private constructor(
    weights: ModelWeights,
    slice: number,
    graphs: { logits: CompiledGraph; gradient: CompiledGraph; entropyGradient: CompiledGraph },
  ) {
    this.#weights = weights;
    this.#slices = slicesOf(weights, slice);
    this.#logitsGraph = graphs.logits;
    this.#gradientGraph = graphs.gradient;
    this.#entropyGradientGraph = graphs.entropyGradient;
  }

  static async compile(weights: ModelWeights, session: SessionSettings): Promise<VocabularyHead> {
    const { vocabularySize, width } = weights.config;
    const slice = largestDivisor(vocabularySize, largestSlice);
    const shape = { slice, width };
    const logits = await compileGraph(logitsGraph(shape), session);
    const gradient = await compileGraph(headGradientGraph(shape, { entropies: false }), session);
    const entropyGradient = await compileGraph(headGradientGraph(shape, { entropies: true }), session);
    return new VocabularyHead(weights, slice, { logits, gradient, entropyGradient });
  }

  /**
   * @param hidden [P, width], normalised; P at most {@link maxPositions}
   * @param targets P token ids
   */
  async forward(hidden: Float32Array, targets: readonly number[]): Promise<HeadResult> {
    const count = targets.length;
    const statistics = Array.from({ length: count }, (): Statistics => ({ maximum: -Infinity, sum: 0, weighted: 0 }));
    const column = [count, 1];
    const outputs = { maximum: emptyF32Tensor(column), sum: emptyF32Tensor(column), weighted: emptyF32Tensor(column) };
    const hiddenTensor = f32Tensor(hidden, [count, this.#weights.config.width]);
    for (const slice of this.#slices) {
      const logits = this.#logitsOf(slice, count);
      await this.#logitsGraph.run({ hidden: hiddenTensor, embedding: slice.embedding }, { logits, ...outputs });
      statistics.forEach((position, row) => {
        const [maximum, sum, weighted] = [
          outputs.maximum.data[row],
          outputs.sum.data[row],
          outputs.weighted.data[row],
        ] as [number, number, number];
        merge(position, { maximum, sum, weighted: weighted + maximum * sum });
      });
    }
    return this.#results(statistics, targets);
  }

  /**
   * The gradient for the hidden states of the latest forward pass, [P, width].
   * @param targets as in that pass
   * @param derivatives P derivatives of the loss with respect to the log-probabilities, and P to the entropies
   */
  async backward(targets: readonly number[], { logProbs, entropies }: HeadResult): Promise<Float32Array> {
    const count = targets.length;
    const { width } = this.#weights.config;
    const hasEntropies = entropies.some((value) => value !== 0);
    const column = (values: ArrayLike<number>): F32Tensor => f32Tensor(Float32Array.from(values), [count, 1]);
    const scales = {
      scale: column(
        logProbs.map((value, row) => -value - (entropies[row] as number) * (this.#entropies[row] as number)),
      ),
      ...(hasEntropies ? { entropyScale: column(entropies.map((value) => -value)) } : {}),
    };
    const graph = hasEntropies ? this.#entropyGradientGraph : this.#gradientGraph;
    const logSumExp = f32Tensor(this.#logSumExp.subarray(0, count), [count, 1]);
    let [before, after] = [emptyF32Tensor([count, width]), emptyF32Tensor([count, width])];
    for (const slice of this.#slices) {
      const logits = this.#logitsOf(slice, count);
      await graph.run({ logits, logSumExp, ...scales, embedding: slice.embedding, before }, { after });
      [before, after] = [after, before];
    }
    this.#addTargetRows(before.data, targets, logProbs);
    return before.data;
  }

  async dispose(): Promise<void> {
    await this.#logitsGraph.dispose();
    await this.#gradientGraph.dispose();
    await this.#entropyGradientGraph.dispose();
  }

  #logitsOf(slice: Slice, count: number): F32Tensor {
    const size = slice.embedding.dims[0] as number;
    return f32Tensor(slice.logits.subarray(0, count * size), [count, size]);
  }

  #results(statistics: readonly Statistics[], targets: readonly number[]): HeadResult {
    const logProbs = new Float64Array(targets.length);
    const entropies = new Float64Array(targets.length);
    statistics.forEach((position, row) => {
      const logSumExp = position.maximum + Math.log(position.sum);
      this.#logSumExp[row] = logSumExp;
      logProbs[row] = this.#logitAt(row, targets[row] as number) - logSumExp;
      entropies[row] = logSumExp - position.weighted / position.sum;
    });
    this.#entropies = entropies;
    return { logProbs, entropies };
  }

  #logitAt(row: number, token: number): number {
    const size = (this.#slices[0] as Slice).embedding.dims[0] as number;
    const slice = this.#slices[Math.floor(token / size)] as Slice;
    return slice.logits[row * size + (token - slice.first)] as number;
  }

  /** The one-hot part of the gradient. */
  #addTargetRows(gradient: Float32Array, targets: readonly number[], derivative: ArrayLike<number>): void {
    const { embedding, config } = this.#weights;
    targets.forEach((token, row) => {
      for (let i = 0; i < config.width; i++) {
        const at = row * config.width + i;
        gradient[at] =
          (gradient[at] as number) + (derivative[row] as number) * (embedding[token * config.width + i] as number);
      }
    });
  }
}

function merge(total: Statistics, slice: Statistics): void {
  const maximum = Math.max(total.maximum, slice.maximum);
  const [before, added] = [Math.exp(total.maximum - maximum), Math.exp(slice.maximum - maximum)];
  total.sum = total.sum * before + slice.sum * added;
  total.weighted = total.weighted * before + slice.weighted * added;
  total.maximum = maximum;
}

function slicesOf(weights: ModelWeights, size: number): Slice[] {
  const { vocabularySize, width } = weights.config;
  return Array.from({ length: vocabularySize / size }, (_, index) => {
    const first = index * size;
    const rows = weights.embedding.subarray(first * width, (first + size) * width);
    return { first, embedding: f32Tensor(rows, [size, width]), logits: new Float32Array(maxPositions * size) };
  });
}

function largestDivisor(value: number, limit: number): number {
  for (let divisor = Math.min(value, limit); divisor > 1; divisor--) if (value % divisor === 0) return divisor;
  return 1;
}
