import { setTimeout } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/** Time and chance of calls to servers, passed in so that tests can hold both. */
export interface Timing extends Pick<Clock, "monotonicMs"> {
  /** Resolves after so many milliseconds, or as soon as the signal aborts. Must not reject. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1): spreads retries. Never seeded: processes that failed together must not return together. */
  uniform(): number;
}

export const systemTiming: Timing = {
  monotonicMs: () => performance.now(),
  wait: async (milliseconds, signal) => {
    await setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
  uniform: () => Math.random(),
};
