export { containsAnswer } from "./contains-answer.ts";
export { judgeAnswer, type Judgement, type JudgementRule } from "./judge-answer.ts";
export { normalizeWith, type NormalizationRule } from "./normalization-rule.ts";
export { biomedicalRules, normalizeAnswer } from "./normalize-answer.ts";
export { policyAnswer } from "./policy-answer.ts";
export { normalizeSearchR1, searchR1Score } from "./search-r1-score.ts";
export { createVerifier, defaultWeights, scorerVersion, type Verifier, type VerifierSettings } from "./verifier.ts";
