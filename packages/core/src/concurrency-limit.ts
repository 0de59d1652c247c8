import type { Clock } from "./clock.ts";

/** Lets at most so many tasks run at once; the others wait, first come, first served. */
export class ConcurrencyLimit {
  readonly #slots: number;
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #sinceMs = 0;
  /** Of all slots together, and of the time in which any was in use. */
  #busySlotMs = 0;
  #busyMs = 0;

  constructor(slots: number, clock: Clock) {
    this.#slots = slots;
    this.#clock = clock;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#slots) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#count(1);
    try {
      return await task();
    } finally {
      // A slot is handed over without being free in between, so that no newcomer takes it first.
      const next = this.#waiting.shift();
      if (next === undefined) this.#count(-1);
      else next();
    }
  }

  /** Slots in use over slots offered, in [0, 1], over the time in which any was in use. */
  use(): number {
    this.#count(0);
    return this.#busyMs === 0 ? 0 : this.#busySlotMs / (this.#busyMs * this.#slots);
  }

  #count(change: -1 | 0 | 1): void {
    const nowMs = this.#clock.monotonicMs();
    const elapsedMs = nowMs - this.#sinceMs;
    if (this.#running > 0) {
      this.#busyMs += elapsedMs;
      this.#busySlotMs += this.#running * elapsedMs;
    }
    this.#sinceMs = nowMs;
    this.#running += change;
  }
}
