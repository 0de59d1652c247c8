import type { Outcome } from "./failure.ts";
import type { RecordId, Sha256 } from "./identity.ts";

/** Identity of an index: stored with every run. */
export interface IndexInfo {
  /** Hash over documents, analysis and format; equal indexes have equal ids. */
  readonly id: Sha256;
  readonly engine: string;
  readonly name: string;
  readonly documents: number;
  readonly k1: number;
  readonly b: number;
  /** `pubmed` records may be linked by PMID; others never. */
  readonly idSpace: "pubmed" | "own";
}

export interface SearchHit {
  readonly recordId: RecordId;
  /** From 1. */
  readonly rank: number;
  /** Lucene's BM25 (without the factor k1 + 1). */
  readonly score: number;
  readonly title: string;
  readonly text: string;
  /** Of publication; left out where none is known. */
  readonly year?: number;
}

export interface SearchOptions {
  /** At least 1. */
  readonly topK: number;
  readonly signal?: AbortSignal;
}

/** Documents and search. Ties by record id in code-unit order. */
export interface Retriever {
  readonly info: IndexInfo;
  /** One list of hits a query, in the order of the queries; no hit is an empty list. Must not reject. */
  search(queries: readonly string[], options: SearchOptions): Promise<Outcome<readonly (readonly SearchHit[])[]>>;
  close(): Promise<void>;
}
