/** @file What is an outage, and how long it is waited for. */
import { setTimeout } from "node:timers/promises";
import { LitmusError, toLitmusError } from "@litmus/core";

/** Messages of the client for a server that cannot be reached, and answers of one that cannot serve now. */
const passing =
  /^Connection is closed|Stream isn't writeable|Command timed out|Command aborted|Reached the max retries|Socket timeout|^(LOADING|READONLY|OOM|MISCONF|MASTERDOWN|BUSY|TRYAGAIN|CLUSTERDOWN|NOREPLICAS) /;
const codes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** Whether a call may succeed when it is made again. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && codes.has(String(error.code))) || passing.test(error.message);
}

/** What a caller is told when the bound is reached. */
export function redisUnavailable(shown: string, error: unknown, waitedMs: number): LitmusError {
  const reason = error instanceof Error ? error.message || String("code" in error ? error.code : "") : String(error);
  const seconds = (waitedMs / 1_000).toFixed(1);
  return new LitmusError("unavailable", `Redis at ${shown} has not answered for ${seconds} s: ${reason}`, {
    hint: "Start Redis, or mend the address, then run the same command again: what was stored is not lost.",
    retryable: true,
    cause: error,
  });
}

export interface OutageBound {
  /** The server's address without credentials. */
  readonly shown: string;
  readonly outageMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Makes a call that changes nothing when it is repeated, again and again while Redis is out.
 * @throws LitmusError `unavailable` after the bound, the signal's reason when it aborts; what is no outage as it came
 */
export async function throughOutage<T>(call: () => Promise<T>, bound: OutageBound): Promise<T> {
  let lostAtMs: number | null = null;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
    bound.signal?.throwIfAborted();
    const startedAtMs = performance.now();
    try {
      return await call();
    } catch (error) {
      if (!isOutage(error)) throw toLitmusError(error);
      lostAtMs ??= startedAtMs;
      const waitedMs = performance.now() - lostAtMs;
      if (waitedMs >= bound.outageMs) throw redisUnavailable(bound.shown, error, waitedMs);
      const wait = Math.min(pause, bound.outageMs - waitedMs);
      await setTimeout(wait, undefined, bound.signal === undefined ? {} : { signal: bound.signal }).catch(
        () => undefined,
      );
    }
  }
}
