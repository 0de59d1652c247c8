import { deriveSeed, fail, succeed } from "@litmus/core";
import type { Failure, Outcome, SampleRequest, SampleStop, SampleUsage } from "@litmus/core";
import type { CachedSequence } from "./cached-sequence.ts";
import type { EvaluationRow, Output, SequenceEngine } from "./sequence-engine.ts";
import { stopAfter } from "./stop-rule.ts";
import type { Work } from "./work.ts";

/** A sampled action; which policy sampled it is known to the caller. */
export interface Action {
  readonly tokens: readonly number[];
  readonly logProbs: readonly number[];
  readonly stop: SampleStop;
  readonly usage: SampleUsage;
}

/** One turn of one episode: evaluates what its sequence lacks of the context, then samples until a stop. */
export class TurnWork implements Work {
  readonly request: SampleRequest;
  readonly #engine: SequenceEngine;
  readonly #settle: (outcome: Outcome<Action>) => void;
  readonly #context: number[];
  readonly #action: number[] = [];
  readonly #logProbs: number[] = [];
  #sequence: CachedSequence | null = null;
  #cachedTokens = 0;
  #finished = false;

  constructor(engine: SequenceEngine, request: SampleRequest, settle: (outcome: Outcome<Action>) => void) {
    this.#engine = engine;
    this.request = request;
    this.#settle = settle;
    this.#context = [...request.tokens];
  }

  get finished(): boolean {
    return this.#finished;
  }

  get started(): boolean {
    return this.#sequence !== null;
  }

  /** What its sequence holds when everything so far is evaluated. */
  get context(): readonly number[] {
    return this.#context;
  }

  get sequence(): CachedSequence | null {
    return this.#sequence;
  }

  get pending(): number {
    return this.#sequence === null || this.#finished ? 0 : this.#context.length - this.#sequence.length;
  }

  /** How many tokens of a row were sampled in this turn. */
  sampledIn(row: EvaluationRow): number {
    const fromAction = row.start + row.tokens.length - this.request.tokens.length;
    return Math.max(0, Math.min(row.tokens.length, fromAction));
  }

  /** Starts on a sequence, keeping what it holds of the context. The last token is always evaluated: it gives the output. */
  start(sequence: CachedSequence): void {
    sequence.keepPrefix(this.#context, this.#context.length - 1);
    this.#sequence = sequence;
    this.#cachedTokens = sequence.length;
    if (this.request.tokens.length >= this.#engine.contextTokens) this.#finish({ type: "context-full" });
  }

  next(budget: number): EvaluationRow {
    const { id, length } = this.#started();
    const tokens = this.#context.slice(length, length + budget);
    const reachesEnd = length + tokens.length === this.#context.length;
    return { sequence: id, start: length, tokens, outputs: reachesEnd ? [tokens.length - 1] : [] };
  }

  async advance(row: EvaluationRow, outputs: readonly Output[]): Promise<void> {
    this.#started().append(row.tokens);
    const output = outputs[0];
    if (output === undefined) return;
    const seed = deriveSeed(this.request.seed, this.#action.length);
    const draw = await this.#engine.draw(output, { temperature: this.request.temperature, seed });
    if (this.#finished) return;
    this.#action.push(draw.token);
    this.#logProbs.push(draw.logProb);
    this.#context.push(draw.token);
    const stop = stopAfter(this.#engine, this.request, this.#action);
    if (stop !== null) this.#finish(stop);
  }

  fail(failure: Failure): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#settle(fail(failure));
  }

  #finish(stop: SampleStop): void {
    this.#finished = true;
    const cachedTokens = this.#cachedTokens;
    const evaluated = this.#action.length === 0 ? 0 : this.request.tokens.length - cachedTokens;
    const usage = { prefilledTokens: evaluated, cachedTokens, sampledTokens: this.#action.length };
    this.#settle(succeed({ tokens: this.#action, logProbs: this.#logProbs, stop, usage }));
  }

  #started(): CachedSequence {
    if (this.#sequence === null) throw new Error("the turn has no sequence yet");
    return this.#sequence;
  }
}
