import { lowerCaseByCodePoint } from "./lower-case.ts";
import { porterStem } from "./porter-stem.ts";
import { tokenizeStandard } from "./standard-tokenizer.ts";
import { stopWords } from "./stop-words.ts";

/** Stored in every index: changes whenever a text could be analysed into other terms. */
export const analyzerVersion = "lucene-english:1";

/** The terms of a text, in order, repeats included. */
export type Analyzer = (text: string) => string[];

const maxCachedTokens = 200_000;
const possessive = /['’＇][sS]$/;

/**
 * Lucene's `english` analysis: standard tokens, possessive 's off, lower case, 33 stop words out, Porter stems.
 * The analyzer remembers the terms of tokens it has seen (bounded), so keep one for many texts.
 */
export function createEnglishAnalyzer(): Analyzer {
  const known = new Map<string, string | null>();
  const termOf = (token: string): string | null => {
    const cached = known.get(token);
    if (cached !== undefined) return cached;
    if (known.size >= maxCachedTokens) known.clear();
    const term = toTerm(token);
    known.set(token, term);
    return term;
  };
  return (text) => {
    const terms: string[] = [];
    for (const token of tokenizeStandard(text)) {
      const term = termOf(token);
      if (term !== null) terms.push(term);
    }
    return terms;
  };
}

/** Null for a stop word. */
function toTerm(token: string): string | null {
  const word = lowerCaseByCodePoint(token.replace(possessive, ""));
  return stopWords.has(word) ? null : porterStem(word);
}
