import { pairedDifference, type Interval } from "@litmus/algorithms";
import { LitmusError } from "@litmus/core";
import type { EvaluationResult, QuestionScore } from "./evaluation-result.ts";

/** One evaluation of a run: which policy was scored, and how. */
export interface StageEvaluation {
  readonly stage: string;
  readonly step: number;
  readonly split: string;
  readonly result: EvaluationResult;
}

export const measures = ["greedy", "sampled"] as const;
/** How the policy was asked: at temperature 0, or k times at temperature 1. */
export type Measure = (typeof measures)[number];

/** How much exact match changed from one policy to another, paired over the questions that both were scored on. */
export interface Gain {
  /** Stages. */
  readonly from: string;
  readonly to: string;
  readonly measure: Measure;
  /** Questions scored in both. */
  readonly n: number;
  /** Null without a common question. */
  readonly difference: number | null;
  /** Paired bootstrap; null with fewer than two questions. */
  readonly ci95: Interval | null;
  /** Whether the whole interval is above 0. */
  readonly isGain: boolean;
}

export interface GainInput {
  readonly from: Omit<StageEvaluation, "split">;
  readonly to: Omit<StageEvaluation, "split">;
  readonly measure: Measure;
}

/**
 * The gain from one evaluation to another.
 * @throws LitmusError `invalid-input` when their scorers differ: such scores are not compared
 */
export function gain({ from, to, measure }: GainInput): Gain {
  const scorers = [from.result.scorer, to.result.scorer];
  if (!scorers.includes(null) && scorers[0] !== scorers[1]) {
    throw new LitmusError("invalid-input", `cannot compare scores of ${scorers[0]} with scores of ${scorers[1]}`, {
      hint: "score the stored trajectories of both with one version",
    });
  }
  const before = scoresById(from.result.perQuestion, measure);
  const pairs = [...scoresById(to.result.perQuestion, measure)].flatMap(([id, after]) => {
    const score = before.get(id);
    return score === undefined ? [] : [[score, after] as const];
  });
  const { n, difference, ci95 } = pairedDifference(
    pairs.map(([score]) => score),
    pairs.map(([, after]) => after),
  );
  return { from: from.stage, to: to.stage, measure, n, difference, ci95, isGain: ci95 !== null && ci95.low > 0 };
}

function scoresById(questions: readonly QuestionScore[], measure: Measure): Map<string, number> {
  return new Map(
    questions.flatMap((question) =>
      question[measure] === null ? [] : [[question.problemId, question[measure]] as const],
    ),
  );
}
