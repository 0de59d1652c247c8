import { deriveSeed } from "@litmus/core";
import type { Draw, DrawOptions, EvaluationRow, Output, SequenceEngine } from "../sequence-engine.ts";

export const fakeVocabulary = 12;
export const fakeEndToken = 0;

/** Natural log of the probabilities of the next token: a pure function of the whole prefix. */
export function fakeLogProbs(prefix: readonly number[]): number[] {
  const weights = Array.from({ length: fakeVocabulary }, (_, token) => {
    const weight = (1 + deriveSeed("weight", token, ...prefix)) / 2 ** 32;
    return token === fakeEndToken ? weight / 10 : weight;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => Math.log(weight / total));
}

/** The draw that belongs to a prefix and a seed. */
export function fakeDraw(prefix: readonly number[], { temperature, seed }: DrawOptions): Draw {
  const logProbs = fakeLogProbs(prefix);
  const token =
    temperature === 0 ? logProbs.indexOf(Math.max(...logProbs)) : pick(logProbs, deriveSeed(seed) / 2 ** 32);
  return { token, logProb: logProbs[token] as number };
}

function pick(logProbs: readonly number[], uniform: number): number {
  let sum = 0;
  const index = logProbs.findIndex((logProb) => (sum += Math.exp(logProb)) > uniform);
  return index < 0 ? logProbs.length - 1 : index;
}

export interface FakeEngineOptions {
  readonly sequences: number;
  readonly contextTokens: number;
  readonly batchTokens: number;
  readonly canCopy?: boolean;
  /** Whether caches can be cut; a sliding window cannot always. */
  readonly canTruncate?: boolean;
}

/** An engine whose distributions depend on every evaluated token, and which refuses whatever a real one would. */
export class FakeEngine implements SequenceEngine {
  readonly sequences: number;
  readonly contextTokens: number;
  readonly batchTokens: number;
  readonly canCopy: boolean;
  /** The rows of every evaluation. */
  readonly batches: (readonly EvaluationRow[])[] = [];
  copies = 0;
  failNext = false;
  readonly #canTruncate: boolean;
  readonly #caches: number[][];
  #outputs: (readonly number[])[] = [];
  #generation = 0;

  constructor(options: FakeEngineOptions) {
    this.sequences = options.sequences;
    this.contextTokens = options.contextTokens;
    this.batchTokens = options.batchTokens;
    this.canCopy = options.canCopy ?? true;
    this.#canTruncate = options.canTruncate ?? true;
    this.#caches = Array.from({ length: options.sequences }, () => []);
  }

  async evaluate(rows: readonly EvaluationRow[]): Promise<readonly (readonly Output[])[]> {
    await Promise.resolve();
    if (this.failNext) {
      this.failNext = false;
      for (const row of rows) this.#cache(row.sequence).push(...row.tokens.slice(0, 1));
      throw new Error("the evaluation failed");
    }
    this.#refuseImpossible(rows);
    this.batches.push(rows);
    this.#generation++;
    this.#outputs = [];
    return rows.map((row) => {
      const cache = this.#cache(row.sequence);
      cache.push(...row.tokens);
      return row.outputs.map((index) => this.#output(cache.slice(0, row.start + index + 1)));
    });
  }

  async draw(output: Output, options: DrawOptions): Promise<Draw> {
    await Promise.resolve();
    return fakeDraw(this.#prefix(output), options);
  }

  async logProb(output: Output, token: number): Promise<number> {
    await Promise.resolve();
    return fakeLogProbs(this.#prefix(output))[token] as number;
  }

  clear(sequence: number): void {
    this.#cache(sequence).length = 0;
  }

  canTruncate(): boolean {
    return this.#canTruncate;
  }

  truncate(sequence: number, length: number): boolean {
    if (this.#canTruncate) this.#cache(sequence).length = length;
    return this.#canTruncate;
  }

  async copy(source: number, target: number): Promise<void> {
    await Promise.resolve();
    if (!this.canCopy) throw new Error("this engine cannot copy");
    this.copies++;
    this.#caches[target] = [...this.#cache(source)];
  }

  decode(tokens: readonly number[]): string {
    return tokens.map((token) => String.fromCharCode(97 + token)).join("");
  }

  isEndToken(token: number): boolean {
    return token === fakeEndToken;
  }

  get evaluatedTokens(): number {
    return this.batches.flat().reduce((sum, row) => sum + row.tokens.length, 0);
  }

  #refuseImpossible(rows: readonly EvaluationRow[]): void {
    const total = rows.reduce((sum, row) => sum + row.tokens.length, 0);
    if (rows.length === 0 || total > this.batchTokens) throw new Error(`${total} tokens in ${rows.length} rows`);
    rows.forEach((row, i) => {
      const length = this.#cache(row.sequence).length;
      if (row.tokens.length === 0) throw new Error("an empty row");
      if (row.start !== length) throw new Error(`sequence ${row.sequence} holds ${length} tokens, not ${row.start}`);
      if (length + row.tokens.length > this.contextTokens) throw new Error("the context is full");
      if (i > 0 && row.sequence <= (rows[i - 1] as EvaluationRow).sequence) throw new Error("rows are out of order");
    });
  }

  #cache(sequence: number): number[] {
    const cache = this.#caches[sequence];
    if (cache === undefined) throw new Error(`there is no sequence ${sequence}`);
    return cache;
  }

  #output(prefix: readonly number[]): Output {
    this.#outputs.push(prefix);
    return this.#generation * 10_000 + this.#outputs.length - 1;
  }

  #prefix(output: Output): readonly number[] {
    if (Math.floor(output / 10_000) !== this.#generation) throw new Error("this output is of an earlier evaluation");
    return this.#outputs[output % 10_000] as readonly number[];
  }
}
