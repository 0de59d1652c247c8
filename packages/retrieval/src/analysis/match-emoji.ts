/** @file Emoji sequences (Unicode Technical Standard 51) as Lucene's tokenizer joins them. */
import { attachesToEmoji, isEmoji } from "./class-flags.ts";
import { skipMarked } from "./match-word.ts";
import { wordBreak } from "./word-break-classes.ts";

/** Where the longest emoji sequence that starts at `from` ends; `from` when none does. Looks no further than `limit`. */
export function matchEmoji(classes: Uint8Array, from: number, limit: number): number {
  const current = classes[from] as number;
  if (current === wordBreak.regionalIndicator) return matchFlag(classes, from, limit);
  if (current === wordBreak.keycapBase) return matchKeycap(classes, from, limit);
  const first = skipJoiners(classes, from, limit);
  // A skin tone alone is an emoji, but not after a joiner.
  if (first > from && first < limit && classes[first] === wordBreak.emojiModifier) return from;
  return matchSequence(classes, from, first, limit);
}

function matchSequence(classes: Uint8Array, from: number, first: number, limit: number): number {
  let end = matchUnit(classes, first, limit);
  if (end === first) return from;
  const tagged = matchTags(classes, end, limit);
  for (;;) {
    const next = skipJoiners(classes, end, limit);
    const joiners = next - end;
    // Joiners right after an emoji were taken as its marks; after a selector they stand alone.
    const isJoined = joiners > 0 || classes[end - 1] === wordBreak.joiner;
    if (!isJoined || (joiners > 1 && classes[next] === wordBreak.emojiModifier)) break;
    const unit = matchUnit(classes, next, limit);
    if (unit === next) break;
    end = unit;
  }
  return Math.max(end, tagged);
}

/** One emoji with its marks, skin tone or selector; `from` when there is none. */
function matchUnit(classes: Uint8Array, from: number, limit: number): number {
  if (from >= limit) return from;
  const current = classes[from] as number;
  if (current === wordBreak.emojiModifier) return skipEmojiMarks(classes, from, limit);
  if (isEmoji[current] === 0) return from;
  const next = skipEmojiMarks(classes, from, limit);
  if (next >= limit) return next;
  if (current === wordBreak.emojiModifierBase && classes[next] === wordBreak.emojiModifier) {
    return skipEmojiMarks(classes, next, limit);
  }
  return classes[next] === wordBreak.emojiSelector ? next + 1 : next;
}

/** Tags that spell a region, up to their end mark; they may follow the first emoji's selector. */
function matchTags(classes: Uint8Array, from: number, limit: number): number {
  let at = from;
  while (at < limit && (classes[at] === wordBreak.tag || classes[at] === wordBreak.trail)) at++;
  if (at === from || at >= limit || classes[at] !== wordBreak.tagEnd) return from;
  return Math.min(at + 2, limit);
}

function matchFlag(classes: Uint8Array, from: number, limit: number): number {
  const second = skipMarked(classes, from, limit);
  const isPair = second < limit && classes[second] === wordBreak.regionalIndicator;
  return isPair ? skipMarked(classes, second, limit) : from;
}

function matchKeycap(classes: Uint8Array, from: number, limit: number): number {
  const marks = skipEmojiMarks(classes, from, limit);
  if (classes[marks] === wordBreak.emojiSelector && marks + 1 < limit && classes[marks + 1] === wordBreak.keycap) {
    return skipEmojiMarks(classes, marks + 1, limit);
  }
  return classes.subarray(from + 1, marks).includes(wordBreak.keycap) ? marks : from;
}

function skipEmojiMarks(classes: Uint8Array, at: number, limit: number): number {
  let next = at + 1;
  while (next < limit && attachesToEmoji[classes[next] as number] === 1) next++;
  return next;
}

function skipJoiners(classes: Uint8Array, at: number, limit: number): number {
  let next = at;
  while (next < limit && classes[next] === wordBreak.joiner) next++;
  return next;
}
