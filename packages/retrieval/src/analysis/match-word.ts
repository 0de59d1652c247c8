/** @file UAX 29 word rules WB5–WB13b over classes: letters, numbers, katakana and what may stand between them. */
import { attaches, isBetweenLetters, isBetweenNumbers, isLetter, isNumber } from "./class-flags.ts";
import { wordBreak } from "./word-break-classes.ts";

/** What the word so far ends with, which decides what may follow without a connector. */
const start = 0;
const letters = 1;
const numbers = 2;
const katakana = 3;
/** A Hebrew letter with its quotation mark: takes no further punctuation. */
const quoted = 4;

/** The place after the character at `at` and the marks that belong to it. */
export function skipMarked(classes: Uint8Array, at: number, limit: number): number {
  let next = at + 1;
  while (next < limit && attaches[classes[next] as number] === 1) next++;
  return next;
}

/** Where the longest word that starts at `from` ends; `from` when none does. Looks no further than `limit`. */
export function matchWord(classes: Uint8Array, from: number, limit: number): number {
  let accepted = from;
  let state = start;
  // Hebrew rules apply to a letter that was not reached over punctuation.
  let isFree = false;
  for (let at = from; at < limit;) {
    const current = classes[at] as number;
    const next = skipMarked(classes, at, limit);
    if (current === wordBreak.connector) {
      if (state !== start || accepted > from) accepted = next;
      state = start;
    } else if (isLetter[current] === 1 && state !== katakana) {
      isFree = current === wordBreak.hebrewLetter;
      state = letters;
      accepted = next;
    } else if (isNumber[current] === 1 && state !== katakana) {
      state = numbers;
      accepted = next;
    } else if (current === wordBreak.katakana && (state === start || state === katakana)) {
      state = katakana;
      accepted = next;
    } else if (state === letters && isFree && current === wordBreak.singleQuote) {
      state = quoted;
      accepted = next;
    } else {
      const end = matchBetween(classes, at, limit, state === letters && isFree ? letters + quoted : state);
      if (end === at) return accepted;
      state = current === wordBreak.doubleQuote ? quoted : state;
      isFree = false;
      accepted = end;
      at = end;
      continue;
    }
    at = next;
  }
  return accepted;
}

/** Punctuation at `at` with the character after it, when that character lets the word go on; else `at`. */
function matchBetween(classes: Uint8Array, at: number, limit: number, state: number): number {
  const current = classes[at] as number;
  const next = skipMarked(classes, at, limit);
  if (next >= limit) return at;
  const following = classes[next] as number;
  const isHebrew = state === letters + quoted;
  const goesOn =
    ((state === letters || isHebrew) && isBetweenLetters[current] === 1 && isLetter[following] === 1) ||
    (state === numbers && isBetweenNumbers[current] === 1 && isNumber[following] === 1) ||
    (isHebrew && current === wordBreak.doubleQuote && following === wordBreak.hebrewLetter);
  return goesOn ? skipMarked(classes, next, limit) : at;
}
