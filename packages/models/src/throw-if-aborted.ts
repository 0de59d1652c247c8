import { LitmusError } from "@litmus/core";

/** @throws LitmusError `interrupted` once the signal is aborted */
export function throwIfAborted(signal: AbortSignal | undefined, work: string): void {
  if (signal?.aborted === true)
    throw new LitmusError("interrupted", `${work} was interrupted`, { cause: signal.reason });
}
