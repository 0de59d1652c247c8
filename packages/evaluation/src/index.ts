export type { EvaluationResult, QuestionScore, SampledScore, Score } from "./evaluation-result.ts";
export { gain, measures } from "./gain.ts";
export type { Gain, GainInput, Measure, StageEvaluation } from "./gain.ts";
export { failureOf, summarizeEvaluation } from "./summarize-evaluation.ts";
export type { EvaluationInput } from "./summarize-evaluation.ts";
export { renderReport } from "./report/render-report.ts";
export type { ReportAlgorithm, ReportData, ReportFailure, ReportSample, ReportStep } from "./report/report-data.ts";
