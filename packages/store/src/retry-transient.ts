import { setTimeout } from "node:timers/promises";
import type { Clock } from "@litmus/core";

/** Time and chance, passed in so that tests can hold both. */
export interface Timing extends Pick<Clock, "monotonicMs"> {
  /** Resolves after so many milliseconds, or as soon as the signal aborts. Never rejects. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). Never seeded: processes that failed together must not return together. */
  uniform(): number;
}

export const systemTiming: Timing = {
  monotonicMs: () => performance.now(),
  wait: async (milliseconds, signal) => {
    await setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
  uniform: () => Math.random(),
};

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
