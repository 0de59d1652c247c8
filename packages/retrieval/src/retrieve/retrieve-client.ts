import {
  type IndexInfo,
  type Outcome,
  type Retriever,
  type SearchHit,
  type SearchOptions,
  fail,
  succeed,
} from "@litmus/core";
import type { CircuitBreaker } from "../remote/circuit-breaker.ts";
import { closed, failureOfAbort, refusalOf, retrievalFailure } from "../remote/search-failures.ts";
import { failureOfStatus } from "../remote/status-failures.ts";
import { type RetryOptions, sendWithRetries } from "../remote/send-with-retries.ts";
import type { Timing } from "@litmus/core";
import { withDeadline } from "../remote/with-deadline.ts";
import { readRetrieveAnswer } from "./read-retrieve-answer.ts";

export interface RetrieveClientParts {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly info: IndexInfo;
  readonly serverTopK: number;
  readonly timeoutMs: number;
  readonly retry: RetryOptions;
  readonly breaker: CircuitBreaker;
  readonly timing: Timing;
}

type Lists = readonly (readonly SearchHit[])[];

/** Searches through `POST /retrieve`: one request a call, with retries, a deadline and a circuit breaker. */
export class RetrieveClient implements Retriever {
  readonly info: IndexInfo;
  readonly #parts: RetrieveClientParts;
  readonly #closing = new AbortController();

  constructor(parts: RetrieveClientParts) {
    this.info = parts.info;
    this.#parts = parts;
  }

  async search(queries: readonly string[], options: SearchOptions): Promise<Outcome<Lists>> {
    const refusal = refusalOf(options, this.#closing.signal.aborted, Number.MAX_SAFE_INTEGER);
    if (refusal !== null) return fail(refusal);
    if (queries.length === 0) return succeed([]);
    const { timeoutMs, timing, retry, breaker, serverTopK } = this.#parts;
    const asked = { queries: queries.map((query) => query.toWellFormed()), topK: options.topK, serverTopK };
    const send = async (_: readonly unknown[], signal: AbortSignal) => [await this.#request(asked, signal)];
    const outer = AbortSignal.any([this.#closing.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    const [outcome] = await withDeadline(
      (signal) => sendWithRetries([asked], send, { retry, breaker, timing, signal }),
      { timeoutMs, timing, outer },
    );
    return outcome as Outcome<Lists>;
  }

  async close(): Promise<void> {
    this.#closing.abort(closed);
  }

  async #request(asked: Parameters<typeof readRetrieveAnswer>[1], signal: AbortSignal): Promise<Outcome<Lists>> {
    const { url, headers } = this.#parts;
    // Search-R1's own server answers nothing readable without scores.
    const body = JSON.stringify({ queries: asked.queries, topk: asked.topK, return_scores: true });
    try {
      const response = await fetch(url, { method: "POST", headers, body, redirect: "error", signal });
      const text = await response.text();
      if (!response.ok) return fail(failureOfStatus(response.status, `status ${response.status}${saidIn(text)}`));
      return readRetrieveAnswer(parseJson(text), asked);
    } catch (error) {
      if (signal.aborted) return fail(failureOfAbort(signal));
      return fail(
        retrievalFailure("search-unavailable", `the search server cannot be reached: ${causeOf(error)}`, true),
      );
    }
  }
}

/** Undefined, which no answer is, when the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The message of an error answer. */
function saidIn(text: string): string {
  const body = parseJson(text);
  const said = typeof body === "object" && body !== null && "message" in body ? body.message : "";
  return typeof said === "string" && said !== "" ? `: ${said.slice(0, 300)}` : "";
}

/** `fetch` says only that it failed; why is in the cause. */
function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message || message : message;
}
