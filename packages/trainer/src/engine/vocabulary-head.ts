/** @file The tied head over the whole vocabulary, by hand: jax-js cannot differentiate a gather, and the logits of a row would not fit. */
import { after, headGraph, headState, isRow, type HeadGradient, type HeadState } from "./head-graphs.ts";
import type { ModelWeights } from "./model-weights.ts";
import { compileGraph, emptyF32Tensor, f32Tensor } from "./session.ts";
import type { CompiledGraph, F32Tensor, SessionSettings } from "./session.ts";

/** Per position, in nats; or derivatives with respect to each. */
export interface HeadResult {
  readonly logProbs: Float64Array;
  readonly entropies: Float64Array;
}

/** Log-probabilities and entropies, with what their gradient needs. */
export interface HeadPass extends HeadResult {
  /**
   * The gradient for the hidden states, [P, width].
   * @param derivatives P derivatives of the loss with respect to the log-probabilities, and P to the entropies; only those that the
   * pass was asked for may differ from 0
   */
  gradient(derivatives: HeadResult): Float32Array;
}

export interface HeadRequest {
  /** [P, width], normalised; P at most {@link maxPositions}. */
  readonly hidden: Float32Array;
  /** P token ids. */
  readonly targets: readonly number[];
  readonly gradient: HeadGradient;
}

/** Largest number of positions in one pass: each slice of the vocabulary is read once for all of them. */
export const maxPositions = 1024;
/** Rows of the embedding: their logits for all positions stay in the processor's caches, as far as they go. */
const largestSlice = 8192;
/** Below every logit, and finite: its difference to one is no NaN. */
const lowest = -1e30;

type State = Readonly<Partial<Record<HeadState, F32Tensor>>>;

/** Log-probabilities of chosen tokens, and the gradient of a function of them. */
export class VocabularyHead {
  readonly #weights: ModelWeights;
  /** The embedding's rows, slice by slice: [C, width]. */
  readonly #slices: readonly F32Tensor[];
  readonly #graphs: Readonly<Record<HeadGradient, CompiledGraph>>;

  private constructor(
    weights: ModelWeights,
    slices: readonly F32Tensor[],
    graphs: Readonly<Record<HeadGradient, CompiledGraph>>,
  ) {
    this.#weights = weights;
    this.#slices = slices;
    this.#graphs = graphs;
  }

  static async compile(weights: ModelWeights, session: SessionSettings): Promise<VocabularyHead> {
    const { vocabularySize, width } = weights.config;
    const slice = largestDivisor(vocabularySize, largestSlice);
    const compiled = (gradient: HeadGradient) => compileGraph(headGraph({ slice, width }, gradient), session);
    return new VocabularyHead(weights, slicesOf(weights, slice), {
      none: await compiled("none"),
      "log-probabilities": await compiled("log-probabilities"),
      entropies: await compiled("entropies"),
    });
  }

  async forward({ hidden, targets, gradient }: HeadRequest): Promise<HeadPass> {
    const sums = await this.#sums(hidden, targets.length, gradient);
    const logProbs = new Float64Array(targets.length);
    const entropies = new Float64Array(targets.length);
    const column = (name: HeadState, row: number): number => sums[name]?.data[row] as number;
    targets.forEach((token, row) => {
      const logSum = Math.log(column("sum", row));
      logProbs[row] = this.#logit(hidden, row, token) - column("maximum", row) - logSum;
      entropies[row] = logSum - column("weighted", row) / column("sum", row);
    });
    return {
      logProbs,
      entropies,
      gradient: (derivatives) => this.#gradient(targets, sums, { entropies, derivatives }),
    };
  }

  async dispose(): Promise<void> {
    for (const graph of Object.values(this.#graphs)) await graph.dispose();
  }

  /** The sums of {@link headGraph} over the whole vocabulary. */
  async #sums(hidden: Float32Array, count: number, gradient: HeadGradient): Promise<State> {
    const { width } = this.#weights.config;
    const names: readonly HeadState[] = headState[gradient];
    const empty = (): State =>
      Object.fromEntries(names.map((name) => [name, emptyF32Tensor([count, isRow(name) ? width : 1])]));
    let [before, next] = [empty(), empty()];
    before.maximum?.data.fill(lowest);
    const hiddenTensor = f32Tensor(hidden, [count, width]);
    for (const embedding of this.#slices) {
      const outputs = Object.fromEntries(names.map((name) => [after(name), next[name] as F32Tensor]));
      await this.#graphs[gradient].run({ hidden: hiddenTensor, embedding, ...before }, outputs);
      [before, next] = [next, before];
    }
    return before;
  }

  /**
   * With p = softmax(logits), E the embedding, H the entropy and lp the log-probabilities, for a position:
   * ∂ lp[target] / ∂ hidden = E[target] − Σ p E, and ∂ H / ∂ hidden = −Σ p (lp + H) E.
   */
  #gradient(
    targets: readonly number[],
    { sum, embedded, weightedEmbedded }: State,
    { entropies, derivatives }: { readonly entropies: Float64Array; readonly derivatives: HeadResult },
  ): Float32Array {
    const { embedding, config } = this.#weights;
    const { width } = config;
    const result = new Float32Array(targets.length * width);
    targets.forEach((token, row) => {
      const [ofLogProb, ofEntropy] = [derivatives.logProbs[row] as number, derivatives.entropies[row] as number];
      const total = sum?.data[row] as number;
      // Σ p · lp · E = Σ p · (logit − maximum) · E − log(sum) · Σ p · E
      const mean = -ofLogProb - ofEntropy * ((entropies[row] as number) - Math.log(total));
      for (let i = 0; i < width; i++) {
        const at = row * width + i;
        const spread = ofEntropy === 0 ? 0 : ofEntropy * ((weightedEmbedded as F32Tensor).data[at] as number);
        const expected = mean * ((embedded as F32Tensor).data[at] as number) - spread;
        result[at] = ofLogProb * (embedding[token * width + i] as number) + expected / total;
      }
    });
    return result;
  }

  #logit(hidden: Float32Array, row: number, token: number): number {
    const { embedding, config } = this.#weights;
    let logit = 0;
    for (let i = 0; i < config.width; i++)
      logit += (hidden[row * config.width + i] as number) * (embedding[token * config.width + i] as number);
    return logit;
  }
}

function slicesOf(weights: ModelWeights, size: number): F32Tensor[] {
  const { vocabularySize, width } = weights.config;
  return Array.from({ length: vocabularySize / size }, (_, index) =>
    f32Tensor(weights.embedding.subarray(index * size * width, (index + 1) * size * width), [size, width]),
  );
}

function largestDivisor(value: number, limit: number): number {
  for (let divisor = Math.min(value, limit); divisor > 1; divisor--) if (value % divisor === 0) return divisor;
  return 1;
}
