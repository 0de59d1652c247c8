import { characterRules } from "./character-rules.ts";
import { jointRules } from "./joint-rules.ts";
import { normalizeWith, type NormalizationRule } from "./normalization-rule.ts";
import { wordRules } from "./word-rules.ts";

/** The rules of the default normalisation, in order. Each is decided and documented in this package's README. */
export const biomedicalRules: readonly NormalizationRule[] = [...characterRules, ...wordRules, ...jointRules];

/** The normal form of an answer: two answers are the same exactly when their normal forms are equal. */
export const normalizeAnswer: (text: string) => string = normalizeWith(biomedicalRules);
