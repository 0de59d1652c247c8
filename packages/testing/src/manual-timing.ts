import type { Timing } from "@litmus/core";

/** A time that moves only when told to. */
export interface ManualTiming extends Timing {
  /** The lengths of all waits so far, in milliseconds, in the order they began. */
  readonly waits: readonly number[];
  /** Lets time pass: waits that are over resolve. */
  pass(milliseconds: number): void;
  /** Resolves when so many waits have begun. */
  begun(count: number): Promise<void>;
}

export interface ManualTimingOptions {
  /** What every draw gives. Default 0.5. */
  readonly uniform?: number;
  /** Shorter waits are over at once. Default 0. */
  readonly instantBelowMs?: number;
}

/** @see ManualTiming */
export function createManualTiming({ uniform = 0.5, instantBelowMs = 0 }: ManualTimingOptions = {}): ManualTiming {
  let nowMs = 0;
  const waits: number[] = [];
  const underWay = new Set<{ readonly endsAtMs: number; readonly end: () => void }>();
  const listeners = new Set<() => void>();
  const pass = (milliseconds: number): void => {
    nowMs += milliseconds;
    for (const wait of underWay) {
      if (wait.endsAtMs > nowMs) continue;
      underWay.delete(wait);
      wait.end();
    }
  };
  const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    waits.push(milliseconds);
    for (const listener of listeners) listener();
    if (signal?.aborted === true) return Promise.resolve();
    if (milliseconds < instantBelowMs) {
      pass(milliseconds);
      return Promise.resolve();
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay.add({ endsAtMs: nowMs + milliseconds, end: resolve });
    signal?.addEventListener("abort", () => resolve(), { once: true });
    return promise;
  };
  const begun = async (count: number): Promise<void> => {
    while (waits.length < count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      listeners.add(resolve);
      await promise;
      listeners.delete(resolve);
    }
  };
  return { waits, monotonicMs: () => nowMs, uniform: () => uniform, wait, pass, begun };
}
