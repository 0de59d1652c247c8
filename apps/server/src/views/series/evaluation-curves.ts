import type { Interval } from "@litmus/algorithms";
import type { Estimate } from "@litmus/api";
import type { EvaluationResult } from "@litmus/evaluation";
import { goldRecallOf, passAtKOf } from "../score-estimates.ts";

/** A value of a curve, with its 95 % interval where one is known. */
export interface CurveValue {
  readonly value: number;
  readonly ci95: Interval | null;
}

const plain = (value: number | null | undefined): CurveValue | null =>
  value === null || value === undefined ? null : { value, ci95: null };

const share = (score: { readonly exactMatch: number | null; readonly ci95: Interval } | null): CurveValue | null =>
  score === null || score.exactMatch === null ? null : { value: score.exactMatch, ci95: score.ci95 };

const estimated = ({ value, ci95 }: Pick<Estimate, "value" | "ci95">): CurveValue | null =>
  value === null ? null : { value, ci95 };

/** What an evaluation gives a point of, by the metric's name; null where it has none. */
export const evaluationCurves: Readonly<Record<string, (result: EvaluationResult) => CurveValue | null>> = {
  "evaluation.exactMatch": (result) => share(result),
  "evaluation.sampled": ({ sampled }) => share(sampled),
  "evaluation.passAtK": ({ sampled }) => (sampled === null ? null : estimated(passAtKOf(sampled))),
  "evaluation.goldRecall": (result) => estimated(goldRecallOf(result)),
  "evaluation.searches": ({ searchesPerEpisode }) => plain(searchesPerEpisode),
  "evaluation.tokens": ({ sampledTokens }) => plain(sampledTokens),
  "evaluation.format": ({ format }) => plain(format),
  "evaluation.failed": ({ failed }) => plain(failed),
};
