/** @file Settings and mappings of an index of abstracts, made for 16 million of them and for one way to search. */
import { type CorpusRecord, type IndexInfo, LitmusError } from "@litmus/core";
import type { Bm25Parameters } from "../bm25/scoring.ts";

export interface IndexShape {
  readonly bm25: Bm25Parameters;
  /** One gives exact statistics; more are searched with the statistics of all (`dfs_query_then_fetch`). Default 1. */
  readonly shards?: number;
  /** Copies of each shard once the index is whole. Default 0. */
  readonly replicas?: number;
}

/** The most hits of one search: Elasticsearch's own limit. */
export const maxTopK = 10_000;

/** While loading: nothing is searchable, nothing is copied, and the log is written to disk every few seconds. */
export const loadingSettings = {
  refresh_interval: "-1",
  number_of_replicas: 0,
  "blocks.write": false,
  "translog.durability": "async",
} as const;

/** Once whole: the server's defaults again, and closed for writing. */
export const servingSettings = (replicas: number) => ({
  refresh_interval: "1s",
  number_of_replicas: replicas,
  "blocks.write": true,
  "translog.durability": "request" as const,
});

export function creationSettings({ bm25, shards = 1 }: IndexShape) {
  return {
    ...loadingSettings,
    number_of_shards: shards,
    codec: "best_compression",
    "translog.flush_threshold_size": "1gb",
    similarity: { abstracts: { type: "BM25" as const, k1: bm25.k1, b: bm25.b } },
  };
}

/**
 * Title and text are searched as one field, which ranks better on BioASQ than two. Positions are left out, since no
 * phrase is searched; that field is not stored, since title and text are.
 */
export const mappings = {
  dynamic: "strict" as const,
  _source: { excludes: ["contents"] },
  properties: {
    contents: {
      type: "text" as const,
      analyzer: "english",
      similarity: "abstracts",
      index_options: "freqs" as const,
    },
    recordId: { type: "keyword" as const, index: false },
    title: { type: "text" as const, index: false },
    text: { type: "text" as const, index: false },
    year: { type: "short" as const },
  },
};

/** What is sent for a record. */
export function toDocument({ id, title, text, year }: CorpusRecord) {
  return { contents: `${title}\n${text}`, recordId: id, title, text, year };
}

/**
 * Why this index cannot hold a record with this id, or null. The server takes 512 bytes, and orders ids by code point,
 * which is the port's order by code unit below U+10000 alone.
 */
export function recordIdProblem(id: string, idSpace: IndexInfo["idSpace"]): string | null {
  if (Buffer.byteLength(id) > 512) return "the id is longer than 512 bytes";
  if (idSpace === "pubmed") return /^[0-9]+$/.test(id) ? null : "the id is no PMID";
  return /^[^\s\ud800-\udfff]+$/.test(id) ? null : "the id is empty, or holds white space or a code point above U+FFFF";
}

/** @throws LitmusError `invalid-config` for a name that the server refuses, or that could mean several indexes */
export function checkIndexName(name: string): void {
  if (/^[a-z0-9][a-z0-9._-]{0,199}$/.test(name)) return;
  throw new LitmusError("invalid-config", `${JSON.stringify(name)} is no name of an index`, {
    path: "index",
    hint: "Use lower-case letters, digits, dot, dash and underscore.",
  });
}
