import { wordBreak, wordBreakClassCount } from "./word-break-classes.ts";

function flags(...classes: number[]): Uint8Array {
  const table = new Uint8Array(wordBreakClassCount);
  for (const each of classes) table[each] = 1;
  return table;
}

const { extend, keycap, joiner, tag, tagEnd, southEastAsianMark, trail } = wordBreak;
const { textSelector, emojiSelector, letter, letterEmoji, hangul, hebrewLetter, number, digit } = wordBreak;
const { midLetter, midNumber, midLetterNumber, singleQuote, emoji, emojiModifierBase } = wordBreak;

/** Marks that belong to the emoji before them: all but the presentation selectors, which its own rules place. */
export const attachesToEmoji = flags(extend, keycap, joiner, tag, tagEnd, southEastAsianMark, trail);
/** Marks that belong to the character before them (UAX 29, rule WB4). */
export const attaches = flags(
  extend,
  keycap,
  joiner,
  tag,
  tagEnd,
  southEastAsianMark,
  trail,
  textSelector,
  emojiSelector,
);
export const isLetter = flags(letter, letterEmoji, hangul, hebrewLetter);
export const isNumber = flags(number, digit);
export const isBetweenLetters = flags(midLetter, midLetterNumber, singleQuote);
export const isBetweenNumbers = flags(midNumber, midLetterNumber, singleQuote);
export const isEmoji = flags(emoji, emojiModifierBase, letterEmoji);
