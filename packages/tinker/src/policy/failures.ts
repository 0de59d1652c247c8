import { fail, toLitmusError } from "@litmus/core";
import type { Failure, Outcome } from "@litmus/core";
import { LostReply } from "../http/lost-reply.ts";
import { StatusError } from "../http/status-error.ts";

/** What a closed policy answers. */
export const closedFailure: Failure = {
  boundary: "policy",
  code: "policy-closed",
  message: "the policy is closed",
  retryable: false,
};

/** What a request given up by its caller resolves to. */
export const abortedFailure: Failure = {
  boundary: "timeout",
  code: "aborted",
  message: "the caller gave up waiting",
  retryable: true,
};

/** An error of a call as an episode's data. A lost reply may be asked for again by the caller: the same seed draws the same. */
export function failureOf(thrown: unknown): Failure {
  const error = toLitmusError(thrown);
  const { message } = error;
  if (error instanceof LostReply) return { boundary: "policy", code: "server-reply-lost", message, retryable: true };
  if (error instanceof StatusError) return { boundary: "policy", code: "server-refused", message, retryable: false };
  return { boundary: "policy", code: "server-answer-invalid", message, retryable: false };
}

/** The outcome of work that may throw, or at once a failure `aborted` when the signal comes first. */
export async function outcomeOf<T>(work: () => Promise<Outcome<T>>, signal?: AbortSignal): Promise<Outcome<T>> {
  if (signal?.aborted === true) return fail(abortedFailure);
  const { promise, resolve } = Promise.withResolvers<Outcome<T>>();
  const abort = (): void => resolve(fail(abortedFailure));
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work().catch((error: unknown) => fail(failureOf(error))), promise]);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
