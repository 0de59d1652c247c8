import { timedOut } from "./search-failures.ts";
import type { Timing } from "@litmus/core";

/** Runs something under a signal that aborts with the reason `timedOut` after so many milliseconds, or with `outer`. */
export async function withDeadline<T>(
  run: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, timing, outer }: { timeoutMs: number; timing: Timing; outer: AbortSignal },
): Promise<T> {
  const deadline = new AbortController();
  const finished = new AbortController();
  void timing.wait(timeoutMs, finished.signal).then(() => {
    if (!finished.signal.aborted) deadline.abort(timedOut);
  });
  try {
    return await run(AbortSignal.any([outer, deadline.signal]));
  } finally {
    finished.abort();
  }
}

/** What a promise resolves to, or null as soon as the signal aborts: whoever gives up need not wait for the others. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | null> {
  if (signal === undefined) return promise;
  const { promise: gaveUp, resolve } = Promise.withResolvers<null>();
  const giveUp = (): void => resolve(null);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return signal.aborted ? null : await Promise.race([promise, gaveUp]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
