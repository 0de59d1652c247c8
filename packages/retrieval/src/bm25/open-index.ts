import {
  type CorpusRecord,
  type Failure,
  type IndexInfo,
  LitmusError,
  type Outcome,
  type RecordId,
  type Retriever,
  type SearchHit,
  type SearchOptions,
  fail,
  recordId,
  succeed,
  toLitmusError,
} from "@litmus/core";
import { type Analyzer, createEnglishAnalyzer } from "../analysis/english-analyzer.ts";
import { type IndexManifest, indexFormat } from "./index-manifest.ts";
import { type OpenedIndex, readIndexFiles } from "./read-index-files.ts";
import { type Bm25Choice, type Bm25Parameters, resolveBm25 } from "./scoring.ts";
import { TermSearch } from "./term-search.ts";
import type { StoredText } from "./text-blocks.ts";
import type { ScoredDocument } from "./top-hits.ts";

/** Terms of a query that count; the rest is left out. Lucene refuses more. */
export const maxQueryTerms = 1024;

/** An index on disk, open for search and for look-ups by id. */
export interface Bm25Index extends Retriever {
  readonly manifest: IndexManifest;
  /** The record with this id, or null. @throws LitmusError `corrupt-file`, `invalid-input` after `close` */
  record(id: RecordId): Promise<CorpusRecord | null>;
  /** The records in the order of the ids, null where there is none. @throws as {@link Bm25Index.record} */
  records(ids: readonly RecordId[]): Promise<(CorpusRecord | null)[]>;
  /** Every record id, ascending in code units. */
  recordIds(): readonly RecordId[];
}

/**
 * Opens an index without rebuilding it. Postings, vocabulary and ids are held in memory, texts are read when shown.
 * @throws LitmusError `not-found`; `corrupt-file` naming the file; `invalid-config` for bad k1 or b
 */
export async function openIndex(directory: string, choice: Bm25Choice): Promise<Bm25Index> {
  const parameters = resolveBm25(choice);
  return new OpenBm25Index(await readIndexFiles(directory), parameters);
}

class OpenBm25Index implements Bm25Index {
  readonly info: IndexInfo;
  readonly manifest: IndexManifest;
  readonly #index: OpenedIndex;
  readonly #search: TermSearch;
  readonly #analyze: Analyzer = createEnglishAnalyzer();
  #isClosed = false;

  constructor(index: OpenedIndex, parameters: Bm25Parameters) {
    const { id, name, documents, idSpace } = index.manifest;
    this.manifest = index.manifest;
    this.info = { id, engine: indexFormat, name, documents, ...parameters, idSpace };
    this.#index = index;
    this.#search = new TermSearch(index, parameters);
  }

  async search(
    queries: readonly string[],
    options: SearchOptions,
  ): Promise<Outcome<readonly (readonly SearchHit[])[]>> {
    const { topK, signal } = options;
    if (!Number.isInteger(topK) || topK < 1) return fail(failure("invalid-top-k", `topK is ${topK}, not 1 or more`));
    const lists: SearchHit[][] = [];
    try {
      for (const query of queries) {
        if (signal?.aborted === true) return fail(aborted);
        if (this.#isClosed) return fail(failure("retriever-closed", "the index is closed"));
        const terms = this.#analyze(query).slice(0, maxQueryTerms);
        lists.push(await this.#toHits(this.#search.search(terms, topK)));
      }
    } catch (error) {
      const { code, message } = toLitmusError(error);
      return fail(failure(code === "corrupt-file" ? "corrupt-index" : "index-unreadable", message));
    }
    return signal?.aborted === true ? fail(aborted) : succeed(lists);
  }

  async record(id: RecordId): Promise<CorpusRecord | null> {
    const [record = null] = await this.records([id]);
    return record;
  }

  async records(ids: readonly RecordId[]): Promise<(CorpusRecord | null)[]> {
    if (this.#isClosed) throw new LitmusError("invalid-input", "the index is closed", { hint: "Open it again." });
    const documents = ids.map((id) => this.#documentOf(id));
    const found = documents.filter((document) => document >= 0);
    const texts = await this.#index.texts.read(found);
    const byDocument = new Map(found.map((document, index) => [document, texts[index]] as const));
    return documents.map((document, index) => {
      const text = byDocument.get(document);
      return text === undefined ? null : { id: ids[index] as RecordId, ...text };
    });
  }

  recordIds(): readonly RecordId[] {
    return this.#index.ids as readonly RecordId[];
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#index.close();
  }

  async #toHits(found: readonly ScoredDocument[]): Promise<SearchHit[]> {
    const texts = await this.#index.texts.read(found.map(({ document }) => document));
    return found.map(({ document, score }, index) => {
      const { title, text, year } = texts[index] as StoredText;
      const hit = { recordId: recordId(this.#index.ids[document] as string), rank: index + 1, score, title, text };
      return year === null ? hit : { ...hit, year };
    });
  }

  /** By bisection; −1 when there is none. */
  #documentOf(id: RecordId): number {
    let low = 0;
    let high = this.#index.ids.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const current = this.#index.ids[middle] as string;
      if (current === id) return middle;
      if (current < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

const aborted: Failure = { boundary: "timeout", code: "aborted", message: "the search was aborted", retryable: true };

function failure(code: string, message: string): Failure {
  return { boundary: "retrieval", code, message, retryable: false };
}
