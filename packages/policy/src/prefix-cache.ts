import { commonPrefixLength } from "./cached-sequence.ts";
import type { CachedSequence } from "./cached-sequence.ts";
import type { EvaluationRow } from "./sequence-engine.ts";
import { minSharedTokens } from "./shared-context.ts";
import type { Work } from "./work.ts";

/** One kept prefix; a work while it is being evaluated. */
class PrefixEntry implements Work {
  readonly sequence: CachedSequence;
  target: readonly number[] = [];
  lastUse = 0;

  constructor(sequence: CachedSequence) {
    this.sequence = sequence;
  }

  get finished(): boolean {
    return this.pending === 0;
  }

  get pending(): number {
    return this.target.length - this.sequence.length;
  }

  next(budget: number): EvaluationRow {
    const { id, length } = this.sequence;
    return { sequence: id, start: length, tokens: this.target.slice(length, length + budget), outputs: [] };
  }

  async advance(row: EvaluationRow): Promise<void> {
    this.sequence.append(row.tokens);
  }

  fail(): void {
    this.target = [];
    this.sequence.clear();
  }
}

/** `ready`: the sequence may start. `building`: ask again after the next tick. */
export type PrefixState = "ready" | "building";

/**
 * Evaluates prefixes that episodes share once, in sequences of their own, and copies them. The least recently used one
 * makes room; what a new prefix shares with a kept one is not evaluated again.
 */
export class PrefixCache {
  readonly #entries: readonly PrefixEntry[];
  #clock = 0;

  constructor(sequences: readonly CachedSequence[]) {
    this.#entries = sequences.map((sequence) => new PrefixEntry(sequence));
  }

  /** Prefixes that are being evaluated. */
  get works(): readonly Work[] {
    return this.#entries.filter((entry) => !entry.finished);
  }

  /** Gives an empty sequence the first `length` of the tokens, as soon as they are evaluated. */
  async provide(sequence: CachedSequence, tokens: readonly number[], length: number): Promise<PrefixState> {
    if (length < minSharedTokens || this.#entries.length === 0) return "ready";
    const entry = this.#entryFor(tokens, length) ?? (await this.#build(tokens.slice(0, length)));
    if (entry === null || !entry.finished) return "building";
    entry.lastUse = ++this.#clock;
    await sequence.copyFrom(entry.sequence);
    return "ready";
  }

  #entryFor(tokens: readonly number[], length: number): PrefixEntry | undefined {
    return this.#entries.find(
      ({ target }) => target.length === length && commonPrefixLength(target, tokens) === length,
    );
  }

  /** Null while every entry is still being evaluated. */
  async #build(target: readonly number[]): Promise<PrefixEntry | null> {
    const idle = this.#entries.filter((entry) => entry.finished).sort((a, b) => a.lastUse - b.lastUse);
    const [victim] = idle;
    if (victim === undefined) return null;
    const shared = (entry: PrefixEntry): number => commonPrefixLength(entry.sequence.tokens, target);
    const source = idle.reduce((best, entry) => (shared(entry) > shared(best) ? entry : best), victim);
    if (source !== victim) await victim.sequence.copyFrom(source.sequence);
    victim.sequence.keepPrefix(target, target.length);
    victim.target = target;
    victim.lastUse = ++this.#clock;
    return victim;
  }
}
