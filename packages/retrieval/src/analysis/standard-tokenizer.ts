/** @file Lucene's StandardTokenizer: words of Unicode Standard Annex 29, ideographs one by one, emoji sequences. */
import { attaches } from "./class-flags.ts";
import { matchEmoji } from "./match-emoji.ts";
import { matchWord, skipMarked } from "./match-word.ts";
import { wordBreak, wordBreakClasses } from "./word-break-classes.ts";

/** Longer tokens are cut into pieces of this many UTF-16 units. */
export const maxTokenLength = 255;

let classes = new Uint8Array(4096);

/** The tokens of a text in order, as Lucene's StandardTokenizer cuts them. */
export function tokenizeStandard(text: string): string[] {
  const length = classify(text);
  const tokens: string[] = [];
  for (let at = 0; at < length;) {
    const end = matchToken(at, windowEnd(at, length));
    if (end > at) tokens.push(text.slice(at, end));
    at = end > at ? end : skipFailed(at, length);
  }
  return tokens;
}

/** Fills the shared table with the class of each UTF-16 unit; nothing is kept between calls. */
function classify(text: string): number {
  const byCodePoint = wordBreakClasses();
  if (classes.length < text.length) classes = new Uint8Array(text.length * 2);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdbff) {
      classes[at] = byCodePoint[unit] as number;
      continue;
    }
    const point = text.codePointAt(at) as number;
    classes[at] = byCodePoint[point] as number;
    if (point > 0xffff) classes[++at] = wordBreak.trail;
  }
  return text.length;
}

/** A token sees no further than this, as if the text ended there; a surrogate pair is never cut. */
function windowEnd(at: number, length: number): number {
  const end = Math.min(length, at + maxTokenLength);
  return end < length && classes[end] === wordBreak.trail ? end - 1 : end;
}

/** Where the next token may start: from within a run of connectors that fills its window, none does. */
function skipFailed(at: number, length: number): number {
  let end = at;
  while (end < length && classes[end] === wordBreak.connector) end++;
  return Math.max(at + 1, end - maxTokenLength + 1);
}

function matchToken(at: number, limit: number): number {
  const current: number = classes[at] ?? wordBreak.other;
  switch (current) {
    case wordBreak.other:
    case wordBreak.extend:
      return at;
    case wordBreak.ideograph:
    case wordBreak.hiragana:
      return skipMarked(classes, at, limit);
    case wordBreak.southEastAsian:
    case wordBreak.southEastAsianMark:
      return matchSouthEastAsian(at, limit);
    case wordBreak.letterEmoji:
      return Math.max(matchWord(classes, at, limit), matchEmoji(classes, at, limit));
    case wordBreak.regionalIndicator:
    case wordBreak.emojiModifier:
    case wordBreak.emojiModifierBase:
    case wordBreak.emoji:
    case wordBreak.keycapBase:
    case wordBreak.joiner:
      return matchEmoji(classes, at, limit);
    default:
      return matchWord(classes, at, limit);
  }
}

function matchSouthEastAsian(from: number, limit: number): number {
  let at = from + 1;
  while (at < limit && (classes[at] === wordBreak.southEastAsian || attaches[classes[at] as number] === 1)) at++;
  return at;
}
