import { setTimeout } from "node:timers/promises";
import { canonicalJson, fail, sha256, succeed } from "@litmus/core";
import type { CorpusRecord, Failure, IndexInfo, Outcome, Retriever, SearchHit, SearchOptions } from "@litmus/core";

export interface FakeRetrieverOptions {
  readonly records: readonly CorpusRecord[];
  /** Every n-th call of `search` fails, counted from 1. */
  readonly failEvery?: number;
  /** Calls with a query for which this holds fail. */
  readonly failOn?: (query: string) => boolean;
  /** What an injected failure is. Default: retryable, boundary `retrieval`, code `injected-failure`. */
  readonly failure?: Failure;
  /** How long each call takes; aborting the signal ends it at once. Default 0. */
  readonly delayMs?: number;
  readonly info?: Partial<IndexInfo>;
}

/** A retriever whose calls can be looked at. */
export interface FakeRetriever extends Retriever {
  /** The queries of every call so far, failed ones included. */
  readonly calls: readonly (readonly string[])[];
}

const injected: Failure = {
  boundary: "retrieval",
  code: "injected-failure",
  message: "the fake retriever was told to fail",
  retryable: true,
};
const aborted: Failure = { boundary: "timeout", code: "aborted", message: "the search was aborted", retryable: true };

/** An in-memory {@link Retriever}: the score is the number of distinct query words that a record holds. */
export function createFakeRetriever(options: FakeRetrieverOptions): FakeRetriever {
  const calls: (readonly string[])[] = [];
  const entries = options.records
    .map((record) => ({ record, words: wordsOf(`${record.title}\n${record.text}`) }))
    .sort((a, b) => (a.record.id < b.record.id ? -1 : 1));
  let isClosed = false;
  const search = async (queries: readonly string[], { topK, signal }: SearchOptions): Promise<SearchOutcome> => {
    calls.push([...queries]);
    const isUnlucky = options.failEvery !== undefined && calls.length % options.failEvery === 0;
    if (!(await waited(options.delayMs ?? 0, signal))) return fail(aborted);
    if (isClosed) return fail({ ...injected, code: "retriever-closed", message: "it is closed", retryable: false });
    if (!Number.isInteger(topK) || topK < 1) {
      return fail({ ...injected, code: "invalid-top-k", message: `topK is ${topK}`, retryable: false });
    }
    if (isUnlucky || queries.some((query) => options.failOn?.(query) === true))
      return fail(options.failure ?? injected);
    return succeed(queries.map((query) => rank(entries, wordsOf(query), topK)));
  };
  const info: IndexInfo = {
    id: sha256(canonicalJson(entries.map(({ record }) => record))),
    engine: "fake",
    name: "fake",
    documents: entries.length,
    k1: 0,
    b: 0,
    idSpace: "own",
    ...options.info,
  };
  const close = async (): Promise<void> => {
    isClosed = true;
  };
  return { info, calls, search, close };
}

type SearchOutcome = Outcome<readonly (readonly SearchHit[])[]>;
type Entry = { readonly record: CorpusRecord; readonly words: ReadonlySet<string> };

function rank(entries: readonly Entry[], query: ReadonlySet<string>, topK: number): SearchHit[] {
  const scored = entries.map(({ record, words }) => ({
    record,
    score: [...query].filter((word) => words.has(word)).length,
  }));
  // The sort is stable, and the entries are in the order of their ids.
  const best = scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
  return best.slice(0, topK).map(({ record, score }, index) => {
    const { id, title, text, year } = record;
    return { recordId: id, rank: index + 1, score, title, text, ...(year === null ? {} : { year }) };
  });
}

function wordsOf(text: string): Set<string> {
  return new Set(
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu),
  );
}

/** False when the signal aborted first. */
async function waited(delayMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (delayMs > 0 && signal?.aborted !== true) {
    await setTimeout(delayMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
  return signal?.aborted !== true;
}
