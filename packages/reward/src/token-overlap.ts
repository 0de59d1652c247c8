import { characterRules } from "./character-rules.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { normalizeWith } from "./normalization-rule.ts";
import { wordRules } from "./word-rules.ts";

export interface TokenOverlap {
  /** Harmonic mean of precision and recall over words, 0 to 1. */
  readonly f1: number;
  /** The golden answer that the answer is nearest to; null where none shares a word, or the answer was rejected. */
  readonly golden: string | null;
}

/**
 * The F1 of SQuAD (Rajpurkar et al., arXiv:1606.05250, section 6.1) over normalised words, of the nearest golden answer.
 * An answer that is rejected whole (empty, too long, several answers) overlaps nothing.
 * @param goldenAnswers not empty
 */
export function tokenOverlap(answer: string, goldenAnswers: readonly string[]): TokenOverlap {
  const { rule, golden: equal } = judgeAnswer(answer, goldenAnswers);
  if (equal !== null) return { f1: 1, golden: equal };
  const none: TokenOverlap = { f1: 0, golden: null };
  if (rule !== "no-match") return none;
  return goldenAnswers
    .map((golden) => ({ f1: f1(words(answer), words(golden)), golden }))
    .reduce((best, each) => (each.f1 > best.f1 ? each : best), none);
}

/** The normal form without its last rules, which join words. */
const normalizeWords = normalizeWith([...characterRules, ...wordRules]);

const words = (text: string): string[] =>
  normalizeWords(text)
    .split(/[\s-]+/u)
    .filter((word) => word !== "");

function f1(answer: readonly string[], golden: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of golden) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of answer) {
    const count = left.get(word) ?? 0;
    if (count > 0) common += 1;
    left.set(word, count - 1);
  }
  return common === 0 ? 0 : (2 * common) / (answer.length + golden.length);
}
