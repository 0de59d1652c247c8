import type { Analyzer } from "../analysis/english-analyzer.ts";

/** Parts of words, none longer than the longest token. */
const parts = /\S{1,255}/gu;

/**
 * The beginning of a query that holds at most so many terms: servers refuse longer ones, and the embedded index counts
 * as many. Lone surrogates, which JSON cannot carry to the server, become U+FFFD.
 */
export function cutQuery(query: string, maxTerms: number, analyze: Analyzer): string {
  const text = query.toWellFormed();
  // A term takes at least one code unit.
  if (text.length <= maxTerms) return text;
  let terms = 0;
  for (const { 0: part, index } of text.matchAll(parts)) {
    terms += analyze(part).length;
    if (terms > maxTerms) return text.slice(0, index);
  }
  return text;
}
