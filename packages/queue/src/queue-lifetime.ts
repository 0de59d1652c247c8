/** @file What both queues do the same at their beginning and end. */
import { LitmusError } from "@litmus/core";

/** Calls that have not ended. */
export class UnderWay {
  readonly #calls = new Set<Promise<void>>();

  /** Makes the call, and remembers it until it ends. */
  add(call: () => Promise<void>): Promise<void> {
    const promise = call();
    this.#calls.add(promise);
    return promise.finally(() => this.#calls.delete(promise));
  }

  /** Resolves when all have ended, however they did. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#calls);
  }
}

/** Resolves when the signal aborts. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** @throws LitmusError `invalid-input` unless it is a positive integer */
export function checkConcurrency(concurrency: number): void {
  if (Number.isInteger(concurrency) && concurrency > 0) return;
  throw new LitmusError("invalid-input", "concurrency must be a positive integer", { path: "concurrency" });
}

/** Why a call on a closed queue ends. */
export const queueClosed = (): LitmusError =>
  new LitmusError("interrupted", "the queue was closed", { hint: "open it again; what was stored is not lost" });
