/** Lets an action that needs quiet run between episodes: it waits for the live ones, and new ones wait for it. */
export class EpisodeGate {
  readonly #live = new Set<string>();
  #onQuiet: (() => void) | null = null;
  #exclusive: Promise<void> = Promise.resolve();
  #exclusiveCount = 0;

  /** True once the episode may go on, at once for a live one; false when it was given up before. */
  async enter(episodeId: string, signal?: AbortSignal): Promise<boolean> {
    while (this.#exclusiveCount > 0 && !this.#live.has(episodeId)) await this.#exclusive;
    if (signal?.aborted === true) return false;
    this.#live.add(episodeId);
    return true;
  }

  leave(episodeId: string): void {
    this.#live.delete(episodeId);
    if (this.#live.size === 0) this.#onQuiet?.();
  }

  /** Runs while no episode is live; one action after the other. */
  async alone<T>(action: () => Promise<T>): Promise<T> {
    const before = this.#exclusive;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#exclusive = promise;
    this.#exclusiveCount++;
    try {
      await before;
      await this.#quiet();
      return await action();
    } finally {
      this.#exclusiveCount--;
      resolve();
    }
  }

  #quiet(): Promise<void> {
    if (this.#live.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onQuiet = () => {
        this.#onQuiet = null;
        resolve();
      };
    });
  }
}
