import {
  type CorpusRecord,
  type IndexInfo,
  LitmusError,
  type Outcome,
  type RecordId,
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
import { type RetryOptions, type Send, sendWithRetries } from "../remote/send-with-retries.ts";
import type { Timing } from "@litmus/core";
import { untilAborted, withDeadline } from "../remote/with-deadline.ts";
import { cutQuery } from "./cut-query.ts";
import { maxTopK } from "./index-layout.ts";
import { readRecord } from "./read-record.ts";
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

  /** The record with this id, or null. @throws LitmusError `unavailable` when the server keeps failing */
  async record(id: RecordId): Promise<CorpusRecord | null> {
    const read = (ids: readonly RecordId[], signal: AbortSignal) =>
      Promise.all(ids.map((each) => readRecord(this.#parts.target, each, signal)));
    const [outcome] = await this.#send([id], read);
    if (outcome?.ok === true) return outcome.value;
    const { message = "no answer", retryable = false } = outcome?.failure ?? {};
    throw new LitmusError("unavailable", `record ${id} could not be read: ${message}`, { retryable });
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(closed);
    await this.#parts.target.client.close();
  }

  #searchBatch(queries: readonly BatchQuery[]): Promise<readonly Outcome<readonly SearchHit[]>[]> {
    return this.#send(queries, (items, signal) => searchBatch(this.#parts.target, items, signal));
  }

  #send<Item, Value>(items: readonly Item[], send: Send<Item, Value>): Promise<readonly Outcome<Value>[]> {
    const { target, retry, breaker, timing } = this.#parts;
    return withDeadline((signal) => sendWithRetries(items, send, { retry, breaker, timing, signal }), {
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
