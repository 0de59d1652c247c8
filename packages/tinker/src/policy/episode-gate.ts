/** Lets a change of weights run between episodes: it waits for the live ones, and new ones wait for it. */
export class EpisodeGate {
  readonly #live = new Set<string>();
  #onQuiet: (() => void) | null = null;
  #change: Promise<void> = Promise.resolve();
  #changes = 0;

  /** Resolves once the episode may go on: at once for a live one. */
  async enter(episodeId: string): Promise<void> {
    while (this.#changes > 0 && !this.#live.has(episodeId)) await this.#change;
    this.#live.add(episodeId);
  }

  leave(episodeId: string): void {
    this.#live.delete(episodeId);
    if (this.#live.size === 0) this.#onQuiet?.();
  }

  /** Runs while no episode is live; one change after the other. */
  async alone<T>(change: () => Promise<T>): Promise<T> {
    const before = this.#change;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#change = promise;
    this.#changes++;
    try {
      await before;
      await this.#quiet();
      return await change();
    } finally {
      this.#changes--;
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
