import { type Outcome, fail } from "@litmus/core";
import type { CircuitBreaker, ServerSign } from "./circuit-breaker.ts";
import { circuitOpen, failureOfAbort } from "./search-failures.ts";
import type { Timing } from "@litmus/core";

export interface RetryOptions {
  /** Requests in all, the first included. */
  readonly attempts: number;
  /** The first wait is up to this long, each later one up to twice the one before, in milliseconds. */
  readonly firstDelayMs: number;
  /** No wait is longer. */
  readonly maxDelayMs: number;
}

export interface SendOptions {
  readonly retry: RetryOptions;
  readonly breaker: CircuitBreaker;
  readonly timing: Timing;
  /** Ends requests and waits: of a deadline, a closing or the caller. */
  readonly signal: AbortSignal;
}

/** Sends items in one request: one outcome an item, in order. Throws only what must end the whole work. */
export type Send<Item, Value> = (items: readonly Item[], signal: AbortSignal) => Promise<readonly Outcome<Value>[]>;

/**
 * Sends items and repeats those whose failure is retryable, alone, after a wait of random length below a bound that
 * doubles ("full jitter").
 * @see M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015
 */
export async function sendWithRetries<Item, Value>(
  items: readonly Item[],
  send: Send<Item, Value>,
  options: SendOptions,
): Promise<readonly Outcome<Value>[]> {
  const { retry, timing, signal } = options;
  const outcomes = [...(await sendOnce(items, send, options))];
  for (let attempt = 1; attempt < retry.attempts && !signal.aborted; attempt++) {
    const places = [...outcomes.keys()].filter((place) => isRetryable(outcomes[place]));
    if (places.length === 0) break;
    const boundMs = Math.min(retry.maxDelayMs, retry.firstDelayMs * 2 ** (attempt - 1));
    await timing.wait(timing.uniform() * boundMs, signal);
    const repeated = await sendOnce(
      places.map((place) => items[place] as Item),
      send,
      options,
    );
    for (const [index, place] of places.entries()) outcomes[place] = repeated[index] as Outcome<Value>;
  }
  return outcomes;
}

async function sendOnce<Item, Value>(
  items: readonly Item[],
  send: Send<Item, Value>,
  { breaker, signal }: SendOptions,
): Promise<readonly Outcome<Value>[]> {
  if (signal.aborted) return items.map(() => fail(failureOfAbort(signal)));
  if (!breaker.allows()) return items.map(() => fail(circuitOpen));
  let sign: ServerSign = "unknown";
  try {
    const outcomes = await send(items, signal);
    sign = signOf(outcomes, signal);
    if (!signal.aborted) return outcomes;
    return outcomes.map((outcome) => (outcome.ok ? outcome : fail(failureOfAbort(signal))));
  } finally {
    breaker.record(sign);
  }
}

/** A server that refuses a request is up; one that fails every part of it, or keeps it till the deadline, is not. */
function signOf(outcomes: readonly Outcome<unknown>[], signal: AbortSignal): ServerSign {
  if (!outcomes.every(isRetryable)) return "up";
  return signal.aborted && failureOfAbort(signal).code !== "search-timed-out" ? "unknown" : "down";
}

function isRetryable(outcome: Outcome<unknown> | undefined): boolean {
  return outcome?.ok === false && outcome.failure.retryable;
}
