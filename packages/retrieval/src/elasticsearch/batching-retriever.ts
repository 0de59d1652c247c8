import {
  type IndexInfo,
  type Outcome,
  type Retriever,
  type SearchHit,
  type SearchOptions,
  fail,
  succeed,
} from "@litmus/core";
import { type Analyzer, createEnglishAnalyzer } from "../analysis/english-analyzer.ts";
import { maxQueryTerms } from "../bm25/open-index.ts";
import type { CircuitBreaker } from "../remote/circuit-breaker.ts";
import { type BatchOptions, MicroBatcher } from "../remote/micro-batcher.ts";
import { aborted, closed, refusalOf } from "../remote/search-failures.ts";
import { type RetryOptions, sendWithRetries } from "../remote/send-with-retries.ts";
import type { Timing } from "@litmus/core";
import { untilAborted, withDeadline } from "../remote/with-deadline.ts";
import { cutQuery } from "./cut-query.ts";
import { maxTopK } from "./index-layout.ts";
import { type BatchQuery, type BatchTarget, searchBatch } from "./search-batch.ts";

export interface BatchingRetrieverParts {
  readonly info: IndexInfo;
  readonly target: BatchTarget;
  readonly retry: RetryOptions;
  readonly breaker: CircuitBreaker;
  readonly timing: Timing;
  readonly batch: BatchOptions;
}

/** Searches of all callers, gathered into batches that share deadline, retries and circuit breaker. */
export class BatchingRetriever implements Retriever {
  readonly info: IndexInfo;
  readonly #parts: BatchingRetrieverParts;
  readonly #batcher: MicroBatcher<BatchQuery, Outcome<readonly SearchHit[]>>;
  readonly #analyze: Analyzer = createEnglishAnalyzer();
  readonly #closing = new AbortController();

  constructor(parts: BatchingRetrieverParts) {
    this.info = parts.info;
    this.#parts = parts;
    this.#batcher = new MicroBatcher((queries) => this.#searchBatch(queries), parts.timing, parts.batch);
  }

  async search(
    queries: readonly string[],
    options: SearchOptions,
  ): Promise<Outcome<readonly (readonly SearchHit[])[]>> {
    const refusal = refusalOf(options, this.#closing.signal.aborted, maxTopK);
    if (refusal !== null) return fail(refusal);
    const searches = queries.map((query) =>
      this.#batcher.add({ query: cutQuery(query, maxQueryTerms, this.#analyze), topK: options.topK }),
    );
    const outcomes = await untilAborted(Promise.all(searches), options.signal);
    return outcomes === null ? fail(aborted) : allOf(outcomes);
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(closed);
    await this.#parts.target.client.close();
  }

  #searchBatch(queries: readonly BatchQuery[]): Promise<readonly Outcome<readonly SearchHit[]>[]> {
    const { target, retry, breaker, timing } = this.#parts;
    const send = (items: readonly BatchQuery[], signal: AbortSignal) => searchBatch(target, items, signal);
    return withDeadline((signal) => sendWithRetries(queries, send, { retry, breaker, timing, signal }), {
      timeoutMs: target.timeoutMs,
      timing,
      outer: this.#closing.signal,
    });
  }
}

/** The lists of all queries, or the first failure: half an answer is none. */
function allOf(outcomes: readonly Outcome<readonly SearchHit[]>[]): Outcome<readonly (readonly SearchHit[])[]> {
  const lists: (readonly SearchHit[])[] = [];
  for (const outcome of outcomes) {
    if (!outcome.ok) return outcome;
    lists.push(outcome.value);
  }
  return succeed(lists);
}
