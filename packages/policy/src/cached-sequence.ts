import type { SequenceEngine } from "./sequence-engine.ts";

/** One sequence of the engine and the tokens whose evaluation it holds. */
export class CachedSequence {
  /** Changes when the sequence is moved. */
  id: number;
  readonly #engine: SequenceEngine;
  #tokens: number[] = [];

  constructor(engine: SequenceEngine, id: number) {
    this.#engine = engine;
    this.id = id;
  }

  get length(): number {
    return this.#tokens.length;
  }

  get tokens(): readonly number[] {
    return this.#tokens;
  }

  /** Records tokens that the engine has evaluated. */
  append(tokens: readonly number[]): void {
    for (const token of tokens) this.#tokens.push(token);
  }

  /** Forgets everything after the longest prefix shared with `wanted`, of at most `limit` tokens; all of it if need be. */
  keepPrefix(wanted: readonly number[], limit: number): void {
    const length = Math.min(limit, commonPrefixLength(this.#tokens, wanted));
    if (length < this.length) this.#cut(length);
  }

  /** Whether a copy of it can be cut to `length` tokens. */
  canCut(length: number): boolean {
    return length === this.length || this.#engine.canTruncate(this.id, length);
  }

  /** Undoes evaluations that were not recorded. */
  dropUnrecorded(): void {
    this.#cut(this.length);
  }

  clear(): void {
    this.#engine.clear(this.id);
    this.#tokens = [];
  }

  /** Only where the engine can copy. */
  async copyFrom(source: CachedSequence): Promise<void> {
    await this.#engine.copy(source.id, this.id);
    this.#tokens = [...source.#tokens];
  }

  #cut(length: number): void {
    if (length === 0 || !this.#engine.truncate(this.id, length)) this.clear();
    else this.#tokens.length = length;
  }
}

/** How many leading tokens two lists share. */
export function commonPrefixLength(a: readonly number[], b: readonly number[]): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}
