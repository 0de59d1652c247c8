/** @file Exhaustive BM25: every posting of every query term is scored, one term after the other. */
import { type Bm25Parameters, inverseDocumentFrequency, inverseNorms, termScore } from "./scoring.ts";
import type { TermEntry } from "./term-dictionary.ts";
import type { OpenedIndex } from "./read-index-files.ts";
import { type ScoredDocument, TopHits } from "./top-hits.ts";

const untouched = -1;
const { fround } = Math;

/** Scores the documents of one index; not reentrant, and fully synchronous. */
export class TermSearch {
  readonly #index: Pick<OpenedIndex, "manifest" | "terms" | "postings" | "norms">;
  readonly #inverseNorms: Float32Array;
  /** Sums in 64 bits, as Lucene adds the terms of a query; {@link untouched} between searches. */
  readonly #scores: Float64Array;
  readonly #touched: Int32Array;
  #touchedCount = 0;

  constructor(index: Pick<OpenedIndex, "manifest" | "terms" | "postings" | "norms">, parameters: Bm25Parameters) {
    const { documents, documentsWithTerms, totalTokens } = index.manifest;
    this.#index = index;
    this.#inverseNorms = inverseNorms(parameters, totalTokens / Math.max(1, documentsWithTerms));
    this.#scores = new Float64Array(documents).fill(untouched);
    this.#touched = new Int32Array(documents);
  }

  /** The best documents for the terms, repeats counting; best first, ties by lower document number. */
  search(terms: readonly string[], limit: number): ScoredDocument[] {
    const counts = new Map<string, number>();
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    // All look-ups first: one that throws must leave no half-summed scores behind.
    const entries = [...counts].map(([term, count]) => ({ count, entry: this.#index.terms.find(term) }));
    for (const { entry, count } of entries) if (entry !== undefined) this.#addTerm(entry, count);
    const best = new TopHits(limit);
    for (const document of this.#touched.subarray(0, this.#touchedCount)) {
      best.offer(document, fround(this.#scores[document] as number));
      this.#scores[document] = untouched;
    }
    this.#touchedCount = 0;
    return best.sorted();
  }

  #addTerm(entry: TermEntry, count: number): void {
    const idf = inverseDocumentFrequency(entry.documents, this.#index.manifest.documentsWithTerms);
    this.#addPostings(entry.offset, entry.offset + entry.bytes, fround(count * idf));
  }

  #addPostings(start: number, end: number, weight: number): void {
    const { postings, norms } = this.#index;
    const scores = this.#scores;
    let document = -1;
    for (let at = start; at < end;) {
      // Inlined varints: this loop is where a search spends its time.
      let byte = postings[at++] as number;
      let head = byte & 0x7f;
      for (let shift = 7; byte >= 0x80; shift += 7) {
        byte = postings[at++] as number;
        head |= (byte & 0x7f) << shift;
      }
      document += head >>> 1;
      let frequency = 1;
      if ((head & 1) === 0) {
        byte = postings[at++] as number;
        frequency = byte & 0x7f;
        for (let shift = 7; byte >= 0x80; shift += 7) {
          byte = postings[at++] as number;
          frequency |= (byte & 0x7f) << shift;
        }
      }
      const score = termScore(weight, frequency, this.#inverseNorms[norms[document] as number] as number);
      const before = scores[document] as number;
      if (before === untouched) this.#touched[this.#touchedCount++] = document;
      scores[document] = before === untouched ? score : before + score;
    }
  }
}
