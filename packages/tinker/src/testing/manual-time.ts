import type { Deadline, Time } from "../http/time.ts";

const turns = 50;

/** Time that moves by hand: a wait takes no time but counts, a background wait lasts until `tick`, a deadline until `expire`. */
export class ManualTime implements Time {
  #nowMs = 0;
  #background: (() => void)[] = [];
  readonly #deadlines = new Set<AbortController>();
  /** Every wait that was asked for, in milliseconds; background waits left out. */
  readonly sleeps: number[] = [];

  monotonicMs(): number {
    return this.#nowMs;
  }

  async sleep(milliseconds: number, options: { signal?: AbortSignal; isBackground?: boolean } = {}): Promise<void> {
    if (options.isBackground !== true) {
      this.sleeps.push(milliseconds);
      this.#nowMs += milliseconds;
      return;
    }
    await new Promise<void>((resolve) => {
      this.#background.push(resolve);
      options.signal?.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  deadline(): Deadline {
    const controller = new AbortController();
    this.#deadlines.add(controller);
    return { signal: controller.signal, cancel: () => this.#deadlines.delete(controller) };
  }

  /** Ends every background wait, and lets what follows happen until the next begins, or for some turns of the event loop. */
  async tick(): Promise<void> {
    const waiting = this.#background;
    this.#background = [];
    for (const resolve of waiting) resolve();
    for (let turn = 0; turn < turns && this.#background.length === 0; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Every deadline under way is over. */
  expire(): void {
    for (const controller of this.#deadlines) controller.abort();
  }
}
