/** Stands where a text goes on between two parts that are shown. */
const gapMark = "… ";

/** A sentence of a text, and how much of a query it speaks of. */
export interface RankedSentence {
  /** Place in the text, from 0. */
  readonly index: number;
  readonly text: string;
}

const sentenceEnd = /(?<=[.?!])\s+(?=[\p{Lu}\p{N}([])/u;
const word = /[\p{L}\p{N}]+/gu;
/** Letters that stand for a word whatever its ending. */
const stemLength = 6;
const plural = /(?<=\p{L}{2}[^s])s$/u;
const functionWords = new Set(
  (
    "a an and are as at be by did do does for from had has have how in into is it its of on or " +
    "that the their there these they this to was were what when where which who whose why will with"
  ).split(" "),
);

/**
 * The sentences of a text, those first that say most about a query: a term of the query counts ln(1 + S / s) where s of
 * the S sentences hold it. Equal ones, and all where nothing matches, stay in the order of the text.
 */
export function rankSentences(text: string, query: string): RankedSentence[] {
  const sentences = text.split(sentenceEnd).map((sentence, index) => ({ index, text: sentence }));
  const terms = termsOf(query);
  const held = sentences.map((sentence) => [...termsOf(sentence.text)].filter((term) => terms.has(term)));
  const holders = Map.groupBy(held.flat(), (term) => term);
  const weightOf = (term: string): number => Math.log(1 + sentences.length / (holders.get(term)?.length ?? 1));
  const scores = held.map((sentence) => sentence.reduce((sum, term) => sum + weightOf(term), 0));
  return sentences.toSorted((a, b) => (scores[b.index] ?? 0) - (scores[a.index] ?? 0) || a.index - b.index);
}

/** Some sentences of a text in its order, with a mark wherever something before one of them is left out. */
export function joinSentences(sentences: readonly RankedSentence[]): string {
  const inOrder = sentences.toSorted((a, b) => a.index - b.index);
  return inOrder
    .map(({ index, text }, i) => (index === (inOrder[i - 1]?.index ?? -1) + 1 ? text : `${gapMark}${text}`))
    .join(" ");
}

function termsOf(text: string): Set<string> {
  const words = (text.toLowerCase().match(word) ?? []).filter((each) => !functionWords.has(each));
  return new Set(words.map((each) => each.replace(plural, "").slice(0, stemLength)));
}
