import type { Timing } from "@litmus/core";

export interface BatchOptions {
  /** A batch of this many items goes out at once. Default 32. */
  readonly maxItems?: number;
  /** An item waits at most this long for others, in milliseconds. Default 5. */
  readonly maxWaitMs?: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/** Gathers items of many callers into few requests. */
export class MicroBatcher<Item, Result> {
  readonly #flush: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #timing: Timing;
  readonly #maxItems: number;
  readonly #maxWaitMs: number;
  #waiting: Waiting<Item, Result>[] = [];
  #full = new AbortController();

  /** @param flush one result an item, in order */
  constructor(
    flush: (items: readonly Item[]) => Promise<readonly Result[]>,
    timing: Timing,
    { maxItems = 32, maxWaitMs = 5 }: BatchOptions = {},
  ) {
    this.#flush = flush;
    this.#timing = timing;
    this.#maxItems = maxItems;
    this.#maxWaitMs = maxWaitMs;
  }

  /** The result of this item. Rejects as its batch does. */
  add(item: Item): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.push({ item, resolve, reject });
    if (this.#waiting.length >= this.#maxItems) this.#send();
    else if (this.#waiting.length === 1) void this.#sendLater(this.#full);
    return promise;
  }

  async #sendLater(full: AbortController): Promise<void> {
    await this.#timing.wait(this.#maxWaitMs, full.signal);
    if (!full.signal.aborted) this.#send();
  }

  #send(): void {
    const batch = this.#waiting;
    this.#full.abort();
    this.#waiting = [];
    this.#full = new AbortController();
    this.#flush(batch.map(({ item }) => item)).then(
      (results) => batch.forEach(({ resolve }, place) => resolve(results[place] as Result)),
      (reason: unknown) => batch.forEach(({ reject }) => reject(reason)),
    );
  }
}
