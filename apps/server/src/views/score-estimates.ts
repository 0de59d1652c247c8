import { wilsonInterval } from "@litmus/algorithms";
import type { Estimate, SampledEstimates, UncountedEstimate } from "@litmus/api";
import type { Score } from "@litmus/evaluation";

/** A share over questions with its Wilson interval; without a question there is neither. */
export const estimateOf = ({ exactMatch, n, ci95 }: Score): Estimate => ({
  value: exactMatch,
  n,
  ci95: n === 0 ? null : ci95,
});

interface GoldScore {
  readonly goldRecall: number | null;
  readonly goldQuestions?: number | undefined;
}

/** Older results do not say over how many questions it is: of those scored, some may have no known gold record. */
export function goldRecallOf({ goldRecall, goldQuestions }: GoldScore): UncountedEstimate {
  if (goldRecall === null) return nothing;
  if (goldQuestions === undefined) return { value: goldRecall, n: null, ci95: null };
  return shareOf(goldRecall, goldQuestions);
}

interface Samples extends Score {
  readonly k: number;
  readonly failed: number;
  readonly passAtK: number | null;
  readonly completeQuestions?: number | undefined;
}

/** What the samples of an evaluation scored; null without samples. */
export function sampledOf(sampled: Samples | null): SampledEstimates | null {
  if (sampled === null) return null;
  return { k: sampled.k, failed: sampled.failed, exactMatch: estimateOf(sampled), passAtK: passAtKOf(sampled) };
}

/** Older results in which samples failed do not say over how many questions it is: nothing is shown of them. */
export function passAtKOf({ passAtK, completeQuestions, failed, n }: Omit<Samples, "k">): Estimate {
  const questions = completeQuestions ?? (failed === 0 ? n : 0);
  return passAtK === null || questions === 0 ? nothing : shareOf(passAtK, questions);
}

const nothing: Estimate = { value: null, n: 0, ci95: null };

const shareOf = (value: number, n: number): Estimate => ({ value, n, ci95: wilsonInterval(value * n, n) });
