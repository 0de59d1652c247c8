import { characterRules, greekNames } from "./character-rules.ts";
import { normalizeAnswer } from "./normalize-answer.ts";
import { normalizeWith } from "./normalization-rule.ts";
import { wordRules } from "./word-rules.ts";

/** Rules that hold inside a text, not only around a whole answer. */
const inText = new Set(["possessives", "numbers", "ampersand", "american-spelling"]);
const unify = normalizeWith([...characterRules, ...wordRules.filter((rule) => inText.has(rule.name))]);
const greek = new Set(Object.values(greekNames));
const negations = new Set(["non", "pre", "post", "pro", "sub", "pseudo"]);

/** Pieces that a window may add to a golden answer's own: articles, a spelt-apart letter, a bracketed short form. */
const spareWords = 3;
const wordPattern = /[\p{L}\p{N}\p{M}]+/gu;

/** Whether what hangs on by a hyphen changes the name: HLA-A, IL-6, TNF-alpha; "TNF-induced" does not. */
const changesName = (piece: string): boolean => piece.length < 3 || /^\d/u.test(piece) || greek.has(piece);

function endsWord(text: string, end: number): boolean {
  const rest = text.slice(end, end + 40);
  const suffix = /^-([\p{L}\p{N}]+)/u.exec(rest)?.[1];
  if (suffix !== undefined) return !changesName(suffix);
  if (/^[.,]\d/u.test(rest) && /\d/u.test(text[end - 1] ?? "")) return false;
  return !/^(?:[+%*^]|-(?:\s|$)|'(?!s?(?:[^\p{L}\p{N}]|$)))/u.test(rest);
}

function startsWord(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 40), start);
  const prefix = /([\p{L}\p{N}]+)-$/u.exec(before)?.[1];
  if (prefix !== undefined) return !changesName(prefix) && !negations.has(prefix);
  const beginsWithDigit = /^\d/u.test(text.slice(start, start + 1));
  return !(beginsWithDigit && /(?:\d[.,]|[-^])$/u.test(before));
}

/** Ends worth trying for a slice: the word itself, and the word with the signs that follow it. */
function ends(text: string, end: number): number[] {
  const signs = /^[+%')\]-]+/u.exec(text.slice(end, end + 4))?.[0].length ?? 0;
  return signs === 0 ? [end] : [end, ...Array.from({ length: signs }, (_, i) => end + i + 1)];
}

/** Starts worth trying: the word itself, or the signs before it where the golden answer has some: "(-)-catechin", "-5". */
function starts(text: string, start: number, wanted: string): number[] {
  if (/^[\p{L}\p{N}]/u.test(wanted)) return startsWord(text, start) ? [start] : [];
  const signs = /[^\p{L}\p{N}\s]*$/u.exec(text.slice(Math.max(0, start - 8), start))?.[0].length ?? 0;
  return Array.from({ length: signs }, (_, i) => start - i - 1);
}

function occurs(text: string, wanted: string, longest: number): boolean {
  const first = /[\p{L}\p{N}]/u.exec(wanted)?.[0];
  const pieces = [...text.matchAll(wordPattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  return pieces.some(({ start }, index) => {
    if (text[start] !== first) return false;
    const slices = starts(text, start, wanted).flatMap((from) =>
      pieces.slice(index, index + longest).flatMap(({ end }) => ends(text, end).map((to) => ({ from, to }))),
    );
    return slices.some(({ from, to }) => endsWord(text, to) && normalizeAnswer(text.slice(from, to)) === wanted);
  });
}

const skeleton = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "");

/**
 * Whether the text holds a golden answer as whole words, after the normalisation of the verifier.
 * For retrieval metrics, supervised data and matched citations; never for a reward.
 */
export function containsAnswer(text: string, goldenAnswers: readonly string[]): boolean {
  const unified = unify(text);
  const letters = skeleton(unified);
  return goldenAnswers.some((golden) => {
    const wanted = normalizeAnswer(golden);
    if (skeleton(wanted) === "" || !letters.includes(skeleton(wanted))) return false;
    const pieces = golden.match(wordPattern)?.length ?? 0;
    return occurs(unified, wanted, pieces + spareWords);
  });
}
