import type { NativeSampler } from "./native-context.ts";

/** Lends a few samplers to many draws, first come, first served. */
export class SamplerPool {
  readonly #free: NativeSampler[];
  readonly #waiting: ((sampler: NativeSampler) => void)[] = [];

  constructor(samplers: readonly NativeSampler[]) {
    this.#free = [...samplers];
  }

  /** Runs `use` with a sampler that nobody else has meanwhile. */
  async lend<T>(use: (sampler: NativeSampler) => Promise<T>): Promise<T> {
    const sampler = this.#free.pop() ?? (await this.#next());
    try {
      return await use(sampler);
    } finally {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#free.push(sampler);
      else waiting(sampler);
    }
  }

  #next(): Promise<NativeSampler> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
