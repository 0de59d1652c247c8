import type { Failure } from "@litmus/core";

export const aborted: Failure = {
  boundary: "timeout",
  code: "aborted",
  message: "the caller aborted the episode",
  retryable: true,
};

/** The work's value, or `aborted` as soon as the signal is: work that ignores the signal holds nothing up. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | "aborted"> {
  const { promise: ended, resolve } = Promise.withResolvers<"aborted">();
  const onAbort = (): void => resolve("aborted");
  signal.addEventListener("abort", onAbort, { once: true });
  // The work may have aborted the signal itself before its first await.
  if (signal.aborted) onAbort();
  // Abandoned work may still reject later; its episode is over, so nobody is left to tell.
  void work.catch(() => undefined);
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
