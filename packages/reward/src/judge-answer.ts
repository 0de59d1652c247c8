import { enumeratesMore } from "./enumeration.ts";
import { normalizeAnswer } from "./normalize-answer.ts";

/** The rule that decided. Only `match` scores. */
export type JudgementRule = "match" | "empty" | "too-long" | "several-answers" | "no-match";

export interface Judgement {
  readonly rule: JudgementRule;
  /** The exact string that was judged. */
  readonly answer: string;
  readonly normalForm: string;
  /** The golden answer that it equals, where one does. */
  readonly golden: string | null;
}

const maxWords = 12;
const maxLengthRatio = 3;

const words = (text: string): number => text.split(/\s+/u).filter((word) => word !== "").length;

function isTooLong(answer: string, goldenAnswers: readonly string[]): boolean {
  return words(answer) > maxWords && words(answer) > maxLengthRatio * Math.max(...goldenAnswers.map(words));
}

/**
 * Compares one answer, as a whole, with the golden answers. Never a substring, never several answers in one string.
 * @param goldenAnswers not empty; see {@link Verifier} for how broken ones are refused
 */
export function judgeAnswer(answer: string, goldenAnswers: readonly string[]): Judgement {
  const normalForm = normalizeAnswer(answer);
  const judged = (rule: JudgementRule, golden: string | null = null): Judgement => ({
    rule,
    answer,
    normalForm,
    golden,
  });
  if (!/[\p{L}\p{N}]/u.test(normalForm)) return judged("empty");
  if (isTooLong(answer, goldenAnswers)) return judged("too-long");
  const equal = goldenAnswers.filter((golden) => normalizeAnswer(golden) === normalForm);
  const match = equal.find((golden) => !enumeratesMore(answer.trim(), golden.trim()));
  if (match !== undefined) return judged("match", match);
  const enumerates = goldenAnswers.every((golden) => enumeratesMore(answer.trim(), golden.trim()));
  return judged(enumerates ? "several-answers" : "no-match");
}
