export type { EvaluationResult, QuestionScore, SampledScore, Score } from "./evaluation-result.ts";
export { gain, measures } from "./gain.ts";
export type { Gain, GainInput, Measure, StageEvaluation } from "./gain.ts";
export { failureOf, summarizeEvaluation } from "./summarize-evaluation.ts";
export type { EvaluationInput } from "./summarize-evaluation.ts";
export { verdictOf, type Verdict } from "./verdict.ts";
