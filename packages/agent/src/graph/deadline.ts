import type { Failure, Outcome } from "@litmus/core";
import { fail } from "@litmus/core";
import { aborted, unlessAborted } from "./unless-aborted.ts";

const longestTimerMs = 2 ** 31 - 1;

/** The end of an episode from outside: its wall-clock limit, or the caller's signal. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Why the episode must end now, or null. */
  expired(): Failure | null;
  /** The work's outcome, or the deadline's failure as soon as it is over: a port that ignores the signal holds nothing up. */
  within<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>>;
  /** Must be called, or the timer stays. */
  dispose(): void;
}

/** Starts the clock of one episode. */
export function startDeadline(timeoutMs: number, external: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let failure: Failure | null = null;
  const expire = (why: Failure): void => {
    failure ??= why;
    controller.abort();
  };
  const onAbort = (): void => expire(aborted);
  const timer = setTimeout(() => expire(timedOut(timeoutMs)), Math.min(timeoutMs, longestTimerMs));
  external?.addEventListener("abort", onAbort, { once: true });
  if (external?.aborted === true) onAbort();

  return {
    signal: controller.signal,
    expired: () => failure,
    within: async (work) => {
      if (failure !== null) return fail(failure);
      const outcome = await unlessAborted(work(), controller.signal);
      if (outcome !== "aborted" && (outcome.ok || failure === null)) return outcome;
      return fail(failure ?? aborted);
    },
    dispose: () => {
      clearTimeout(timer);
      external?.removeEventListener("abort", onAbort);
    },
  };
}

const timedOut = (timeoutMs: number): Failure => ({
  boundary: "timeout",
  code: "episode-timed-out",
  message: `the episode took longer than ${timeoutMs} ms`,
  retryable: true,
});
