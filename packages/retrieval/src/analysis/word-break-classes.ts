import { wordBreakRuns } from "./word-break-runs.ts";

/** The classes that the word-break rules tell apart: properties of Unicode 9, numbered as in the generated runs. */
export const wordBreak = {
  other: 0,
  regionalIndicator: 1,
  emojiModifier: 2,
  /** An emoji that a skin tone may follow. */
  emojiModifierBase: 3,
  emoji: 4,
  /** Extend and Format: belong to the character before them. */
  extend: 5,
  /** U+FE0E. */
  textSelector: 6,
  /** `#` and `*`. */
  keycapBase: 7,
  /** U+20E3. */
  keycap: 8,
  /** U+FE0F. */
  emojiSelector: 9,
  /** U+200D. */
  joiner: 10,
  tag: 11,
  tagEnd: 12,
  letter: 13,
  /** Letters that are emoji too: ℹ, Ⓜ. */
  letterEmoji: 14,
  hangul: 15,
  number: 16,
  /** 0–9. */
  digit: 17,
  katakana: 18,
  midLetter: 19,
  midNumber: 20,
  /** The full stop and its like: between letters and between numbers. */
  midLetterNumber: 21,
  /** The underscore and its like. */
  connector: 22,
  ideograph: 23,
  hiragana: 24,
  singleQuote: 25,
  doubleQuote: 26,
  hebrewLetter: 27,
  /** Scripts written without spaces: Thai, Lao, Khmer, Burmese. */
  southEastAsian: 28,
  southEastAsianMark: 29,
  /** The second half of a surrogate pair; its first half has the class of the whole. */
  trail: 30,
} as const;

/** How many classes there are, {@link wordBreak.trail} included. */
export const wordBreakClassCount = 31;

let table: Uint8Array | undefined;

/** The class of every code point. Made on first use (1.1 MB). */
export function wordBreakClasses(): Uint8Array {
  table ??= decodeRuns(wordBreakRuns);
  return table;
}

function decodeRuns(runs: string): Uint8Array {
  const classes = new Uint8Array(0x110000);
  let point = 0;
  for (const [, name = "", length = ""] of runs.matchAll(/([A-Za-z])([0-9]+)/g)) {
    const code = name.charCodeAt(0);
    classes.fill(code >= 0x61 ? code - 0x61 + 26 : code - 0x41, point, point + Number(length));
    point += Number(length);
  }
  return classes;
}
