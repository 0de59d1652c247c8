import { fail } from "@litmus/core";
import type { Failure, Outcome } from "@litmus/core";

/** What a request given up by its caller resolves to. */
export const abortedFailure: Failure = {
  boundary: "timeout",
  code: "aborted",
  message: "the caller gave up waiting",
  retryable: true,
};

/** The outcome, or at once a failure `aborted` when the signal comes first. */
export async function unlessAborted<T>(outcome: Promise<Outcome<T>>, signal?: AbortSignal): Promise<Outcome<T>> {
  if (signal === undefined) return outcome;
  const { promise, resolve } = Promise.withResolvers<Outcome<T>>();
  const abort = (): void => resolve(fail(abortedFailure));
  if (signal.aborted) return fail(abortedFailure);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([outcome, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
