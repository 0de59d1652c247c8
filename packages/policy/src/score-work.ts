import { fail, succeed } from "@litmus/core";
import type { Failure, Outcome, ScoreRequest } from "@litmus/core";
import type { CachedSequence } from "./cached-sequence.ts";
import type { EvaluationRow, Output, SequenceEngine } from "./sequence-engine.ts";
import type { Work } from "./work.ts";

/** One row of logits takes a megabyte. */
const maxOutputsPerRow = 32;

export type Scores = readonly (readonly number[])[];

export interface ScoreWorkOptions {
  readonly sequence: CachedSequence;
  readonly requests: readonly ScoreRequest[];
  readonly settle: (outcome: Outcome<Scores>) => void;
}

/** Teacher-forced log-probabilities, one request after the other in one sequence. */
export class ScoreWork implements Work {
  readonly #engine: SequenceEngine;
  readonly #options: ScoreWorkOptions;
  readonly #scores: number[][] = [];
  #isInRequest = false;
  #finished = false;

  constructor(engine: SequenceEngine, options: ScoreWorkOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  get finished(): boolean {
    return this.#finished;
  }

  get pending(): number {
    return this.#finished || !this.#isInRequest ? 0 : this.#end() - this.#options.sequence.length;
  }

  /** Takes up the next request that has positions, unless one is under way. */
  start(): void {
    while (!this.#isInRequest && !this.#finished) {
      const request = this.#options.requests[this.#scores.length];
      if (request === undefined) return this.#finish();
      this.#scores.push([]);
      const first = request.positions[0];
      if (first === undefined) continue;
      // The token before the first position is evaluated again: its output is the first score.
      this.#options.sequence.keepPrefix(request.tokens, first - 1);
      this.#isInRequest = true;
    }
  }

  next(budget: number): EvaluationRow {
    const start = this.#options.sequence.length;
    const { tokens, positions } = this.#current();
    const ahead = positions.filter((position) => position > start);
    const lastWithOutputs = ahead[maxOutputsPerRow - 1] ?? this.#end();
    const end = Math.min(start + budget, lastWithOutputs);
    const outputs = ahead.filter((position) => position <= end).map((position) => position - 1 - start);
    return { sequence: this.#options.sequence.id, start, tokens: tokens.slice(start, end), outputs };
  }

  async advance(row: EvaluationRow, outputs: readonly Output[]): Promise<void> {
    const { tokens } = this.#current();
    this.#options.sequence.append(row.tokens);
    const scores = await Promise.all(
      outputs.map((output, i) => {
        const token = tokens[row.start + (row.outputs[i] as number) + 1] as number;
        return this.#engine.logProb(output, token);
      }),
    );
    if (this.#finished) return;
    this.#scores.at(-1)?.push(...scores);
    if (this.#options.sequence.length === this.#end()) this.#isInRequest = false;
    this.start();
  }

  fail(failure: Failure): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#options.settle(fail(failure));
  }

  #finish(): void {
    this.#finished = true;
    this.#options.settle(succeed(this.#scores));
  }

  #current(): ScoreRequest {
    return this.#options.requests[this.#scores.length - 1] as ScoreRequest;
  }

  #end(): number {
    return this.#current().positions.at(-1) ?? 0;
  }
}
