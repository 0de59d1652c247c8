import { setTimeout as wait } from "node:timers/promises";

/** Waiting, passed in so that tests need not wait. */
export interface Time {
  monotonicMs(): number;
  /** Resolves after the time, or as soon as the signal aborts; a background wait does not keep the process alive. */
  sleep(
    milliseconds: number,
    options?: { readonly signal?: AbortSignal; readonly isBackground?: boolean },
  ): Promise<void>;
  /** A signal that aborts after the time, unless it is cancelled before. */
  deadline(milliseconds: number): Deadline;
}

export interface Deadline {
  readonly signal: AbortSignal;
  cancel(): void;
}

export const systemTime: Time = {
  monotonicMs: () => performance.now(),
  sleep: (milliseconds, { signal, isBackground = false } = {}) =>
    wait(milliseconds, undefined, { ref: !isBackground, ...(signal === undefined ? {} : { signal }) }).catch(
      (error: unknown) => {
        if (signal?.aborted !== true) throw error;
      },
    ),
  deadline: (milliseconds) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), milliseconds);
    return { signal: controller.signal, cancel: () => clearTimeout(timer) };
  },
};
