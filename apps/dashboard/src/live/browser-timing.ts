import type { Timing } from "@litmus/core";

/** The browser's time. Its monotonic clock begins with the epoch, so that it can be told as a time of day too. */
export const browserTiming: Timing = {
  monotonicMs: () => performance.timeOrigin + performance.now(),
  wait: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const timer = setTimeout(resolve, milliseconds);
      signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
    }),
  uniform: () => Math.random(),
};
