import type { AdapterMatrix, LoraSettings } from "../adapter/adapter-parameters.ts";
import { packSequences } from "../sequence/pack-sequences.ts";
import type { PackedRow } from "../sequence/packed-row.ts";
import { indexInRow, rowTokens } from "../sequence/packed-row.ts";
import { BlockStack, rowCost } from "./block-stack.ts";
import { normalizeRow, normalizeRowGradient } from "./final-norm.ts";
import type { FinalNorm } from "./final-norm.ts";
import type { ModelWeights } from "./model-weights.ts";
import type { SessionSettings } from "./session.ts";
import { SharedBuffers } from "./shared-buffers.ts";
import { maxPositions, VocabularyHead } from "./vocabulary-head.ts";

export interface PolicyModelOptions {
  readonly weights: ModelWeights;
  readonly lora: LoraSettings;
  readonly matrices: readonly AdapterMatrix[];
  /** All adapter parameters; read at every pass. */
  readonly parameters: Float32Array;
  /** Lengths of rows, ascending. */
  readonly lengths: readonly number[];
  readonly session: SessionSettings;
}

/** What the model is asked about one sequence. */
export interface Query {
  readonly tokens: readonly number[];
  /** Ascending, each ≥ 1: whose token's log-probability is wanted. */
  readonly positions: readonly number[];
}

/** Per position of a query, in nats; or derivatives with respect to each. */
export interface Answer {
  readonly logProbs: Float64Array;
  readonly entropies: Float64Array;
}

/** Some consecutive positions of one query, whose log-probabilities have just been computed. */
export interface AnsweredSpan {
  readonly query: number;
  /** Index of the first within the query's positions. */
  readonly first: number;
  readonly logProbs: Float64Array;
  readonly entropies: Float64Array;
}

/** A differentiable loss. */
export interface SpanLoss {
  /** Whether it depends on entropies, whose gradient costs another product. */
  readonly hasEntropies: boolean;
  /** The derivatives with respect to each log-probability and each entropy of the span. */
  derivatives(span: AnsweredSpan): Answer;
}

/** One wanted log-probability. */
interface Site {
  readonly query: number;
  /** Index within the query's positions. */
  readonly index: number;
  /** Index within the row of the token before. */
  readonly at: number;
  readonly target: number;
}

/** Gemma 3 with a LoRA adapter: log-probabilities of tokens, and gradients for the adapter of any function of them. */
export class PolicyModel {
  readonly #options: PolicyModelOptions;
  readonly #head: VocabularyHead;
  readonly #norm: FinalNorm;
  /** By length. */
  readonly #stacks: ReadonlyMap<number, BlockStack>;

  private constructor(options: PolicyModelOptions, head: VocabularyHead, stacks: ReadonlyMap<number, BlockStack>) {
    this.#options = options;
    this.#stacks = stacks;
    this.#head = head;
    this.#norm = { weight: options.weights.outputNorm, epsilon: options.weights.config.rmsEpsilon };
  }

  /** Compiles every graph; nothing is compiled later. */
  static async compile(options: PolicyModelOptions): Promise<PolicyModel> {
    const head = await VocabularyHead.compile(options.weights, options.session);
    const buffers = new SharedBuffers();
    const stacks = new Map<number, BlockStack>();
    for (const length of options.lengths.toReversed()) {
      stacks.set(length, await BlockStack.compile({ ...options, length, buffers }));
    }
    return new PolicyModel(options, head, stacks);
  }

  /** Log-probabilities and entropies. Sequences must fit the longest row. */
  async evaluate(queries: readonly Query[]): Promise<Answer[]> {
    return this.#pass(queries, null);
  }

  /**
   * The same, and adds the adapter's gradient to `total`.
   * @param loss asked once for every span, in a fixed order
   */
  async differentiate(queries: readonly Query[], loss: SpanLoss, total: Float32Array): Promise<Answer[]> {
    return this.#pass(queries, { loss, total });
  }

  async dispose(): Promise<void> {
    await this.#head.dispose();
    for (const stack of this.#stacks.values()) await stack.dispose();
  }

  async #pass(queries: readonly Query[], gradient: { loss: SpanLoss; total: Float32Array } | null): Promise<Answer[]> {
    const answers = queries.map(({ positions }) => ({
      logProbs: new Float64Array(positions.length),
      entropies: new Float64Array(positions.length),
    }));
    // What follows the last wanted token has no influence: attention is causal.
    const inputs = queries.map((query) => query.tokens.slice(0, query.positions.at(-1)));
    for (const row of packSequences(inputs, this.#options.lengths, rowCost)) {
      const stack = this.#stacks.get(row.length) as BlockStack;
      this.#embed(rowTokens(row), stack.input);
      const hidden = await stack.forward(row);
      const cotangent = new Float32Array(gradient === null ? 0 : hidden.length);
      const sites = sitesOf(row, queries);
      for (let first = 0; first < sites.length; first += maxPositions) {
        const chunk = sites.slice(first, first + maxPositions);
        await this.#passHead({ chunk, hidden, answers, cotangent, loss: gradient?.loss ?? null });
      }
      if (gradient !== null) await stack.backward(cotangent, gradient.total);
    }
    return answers;
  }

  /** Head over one chunk of sites: fills the answers and, with a loss, the cotangent of the hidden states. */
  async #passHead(pass: {
    chunk: readonly Site[];
    hidden: Float32Array;
    answers: readonly Answer[];
    cotangent: Float32Array;
    loss: SpanLoss | null;
  }): Promise<void> {
    const { chunk, hidden, loss } = pass;
    const { width } = this.#options.weights.config;
    const normalized = new Float32Array(chunk.length * width);
    const rowAt = (values: Float32Array, index: number): Float32Array =>
      values.subarray(index * width, (index + 1) * width);
    chunk.forEach((site, i) => normalized.set(normalizeRow(this.#norm, rowAt(hidden, site.at)), i * width));
    const targets = chunk.map((site) => site.target);
    const differentiated = loss === null ? "none" : loss.hasEntropies ? "entropies" : "log-probabilities";
    const result = await this.#head.forward({ hidden: normalized, targets, gradient: differentiated });
    chunk.forEach((site, i) => {
      const answer = pass.answers[site.query] as Answer;
      answer.logProbs[site.index] = result.logProbs[i] as number;
      answer.entropies[site.index] = result.entropies[i] as number;
    });
    if (loss === null) return;
    const gradient = result.gradient(derivativesOf(chunk, result, loss));
    chunk.forEach((site, i) => {
      const own = normalizeRowGradient(this.#norm, rowAt(hidden, site.at), rowAt(gradient, i));
      // Sequences that share a prefix may share the token before their first own one.
      const sum = rowAt(pass.cotangent, site.at);
      own.forEach((value, j) => (sum[j] = (sum[j] as number) + value));
    });
  }

  #embed(tokens: Int32Array, target: Float32Array): void {
    const { embedding, config } = this.#options.weights;
    tokens.forEach((token, index) => {
      const row = embedding.subarray(token * config.width, (token + 1) * config.width);
      for (let i = 0; i < config.width; i++)
        target[index * config.width + i] = (row[i] as number) * config.embeddingScale;
    });
  }
}

function sitesOf(row: PackedRow, queries: readonly Query[]): Site[] {
  return row.sequences.flatMap((placed) => {
    const { tokens, positions } = queries[placed.sequence] as Query;
    return positions.map((position, index) => ({
      query: placed.sequence,
      index,
      at: indexInRow(placed, position - 1),
      target: tokens[position] as number,
    }));
  });
}

/** Asks for the derivatives query by query. */
function derivativesOf(chunk: readonly Site[], result: Answer, loss: SpanLoss): Answer {
  const all = { logProbs: new Float64Array(chunk.length), entropies: new Float64Array(chunk.length) };
  let first = 0;
  while (first < chunk.length) {
    const start = chunk[first] as Site;
    let end = first + 1;
    while (chunk[end]?.query === start.query) end++;
    const [logProbs, entropies] = [result.logProbs.subarray(first, end), result.entropies.subarray(first, end)];
    const part = loss.derivatives({ query: start.query, first: start.index, logProbs, entropies });
    all.logProbs.set(part.logProbs, first);
    all.entropies.set(part.entropies, first);
    first = end;
  }
  return all;
}
