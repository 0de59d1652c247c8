import { readFileSync } from "node:fs";

/** What real Lucene did with the fixture's texts and queries; made by fixtures/make-fixtures.sh. */
export interface LuceneGolden {
  readonly lucene: string;
  readonly classesSha256: string;
  readonly norms: { readonly decoded: readonly number[]; readonly encoded: readonly (readonly [number, number])[] };
  readonly lowerCase: string;
  readonly wordBreaks: readonly (readonly [text: string, tokens: readonly string[]])[];
  readonly stems: string;
  readonly documents: readonly GoldenDocument[];
  readonly queries: readonly GoldenQuery[];
}

interface GoldenDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly tokens: readonly string[];
}

interface GoldenQuery {
  readonly query: string;
  readonly anserini: readonly (readonly [id: string, score: number])[];
  readonly elasticsearch: readonly (readonly [id: string, score: number])[];
}

export function readLuceneGolden(): LuceneGolden {
  const path = new URL("../fixtures/lucene-golden.json", import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as LuceneGolden;
}
