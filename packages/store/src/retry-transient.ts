import type { Timing } from "@litmus/core";

export interface RetryOptions {
  /** No attempt begins later than so many milliseconds after the first failure. */
  readonly forMs: number;
  readonly isTransient: (error: unknown) => boolean;
  readonly timing: Timing;
}

const firstDelayMs = 50;
const maxDelayMs = 2000;

/** Repeats work as long as its failures are transient and time is left, after waits that double, each shortened by chance by up to half. */
export async function retryTransient<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { forMs, isTransient, timing } = options;
  let giveUpAtMs: number | null = null;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const nowMs = timing.monotonicMs();
      giveUpAtMs ??= nowMs + forMs;
      const delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** attempt) * (1 - timing.uniform() / 2);
      if (!isTransient(error) || nowMs + delayMs > giveUpAtMs) throw error;
      await timing.wait(delayMs);
    }
  }
}
