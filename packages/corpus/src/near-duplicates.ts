import { words } from "./whole-words.ts";

export interface NearDuplicate {
  /** Indices into the texts; first < second. */
  readonly first: number;
  readonly second: number;
  /** Shared distinct words over all distinct words, in (0, 1]. */
  readonly similarity: number;
}

/**
 * Every pair of texts whose sets of words have a Jaccard similarity of at least `threshold`. Exact: two such sets
 * share one of their rarest words (prefix filtering, Chaudhuri et al. 2006), so only those are compared.
 */
export function nearDuplicates(texts: readonly string[], threshold: number): NearDuplicate[] {
  const sets = sortByRarity(texts.map((text) => [...new Set(words(text))]));
  const withWord = new Map<string, number[]>();
  const pairs: NearDuplicate[] = [];
  for (const [second, set] of sets.entries()) {
    const prefix = set.slice(0, set.length - Math.ceil(threshold * set.length) + 1);
    const candidates = new Set(prefix.flatMap((word) => withWord.get(word) ?? []));
    for (const first of candidates) {
      const similarity = jaccard(new Set(sets[first]), new Set(set));
      if (similarity >= threshold) pairs.push({ first, second, similarity });
    }
    for (const word of prefix) {
      const known = withWord.get(word);
      if (known === undefined) withWord.set(word, [second]);
      else known.push(second);
    }
  }
  return pairs.sort((a, b) => a.first - b.first || a.second - b.second);
}

function sortByRarity(sets: readonly string[][]): string[][] {
  const counts = new Map<string, number>();
  for (const word of sets.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rarity = (word: string): number => counts.get(word) ?? 0;
  return sets.map((set) => set.toSorted((a, b) => rarity(a) - rarity(b) || (a < b ? -1 : 1)));
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  return shared / (a.size + b.size - shared);
}
