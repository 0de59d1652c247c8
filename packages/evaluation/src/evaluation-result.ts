import type { ProblemId } from "@litmus/core";
import type { Interval } from "@litmus/algorithms";

/** A share of questions with its 95 % interval (Wilson). */
export interface Score {
  /** Questions scored; failed ones are not among them. */
  readonly n: number;
  /** Null when nothing was scored. */
  readonly exactMatch: number | null;
  readonly ci95: Interval;
}

export interface SampledScore {
  /** Samples of each question. */
  readonly k: number;
  /** Questions with at least one scored sample. */
  readonly n: number;
  /** Samples that failed: left out, never 0. */
  readonly failed: number;
  /** Mean over questions of the mean over samples. */
  readonly exactMatch: number | null;
  /** Wilson over questions: conservative, as their means vary less than coin flips would. */
  readonly ci95: Interval;
  /** Share of questions that at least one of k samples solves, over those whose k samples were all scored. */
  readonly passAtK: number | null;
  /** Questions whose k samples were all scored; results that were stored before it was counted have none. */
  readonly completeQuestions?: number;
}

export interface QuestionScore {
  readonly problemId: ProblemId;
  /** Null when the episode or its scoring failed. */
  readonly greedy: 0 | 1 | null;
  /** Mean over the scored samples; null without one. */
  readonly sampled: number | null;
}

/** Scores of one policy on one set of questions. Plain JSON: stored as it is, and recomputable from trajectories. */
export interface EvaluationResult extends Score {
  /** Questions whose greedy episode, or its scoring, failed. n + failed = questions asked. */
  readonly failed: number;
  readonly sampled: SampledScore | null;
  /** Share of scored episodes with a well-formed answer. */
  readonly format: number | null;
  readonly searchesPerEpisode: number | null;
  /** Share of the questions with known gold records for which one was shown. */
  readonly goldRecall: number | null;
  /** Scored questions with known gold records; results that were stored before it was counted have none. */
  readonly goldQuestions?: number;
  /** Share of scored episodes in which a golden answer stands in a shown text. */
  readonly answerInObservation: number | null;
  /** Mean sampled tokens of a scored episode. */
  readonly sampledTokens: number | null;
  /** Of the scored greedy episodes. */
  readonly stopReasons: Readonly<Record<string, number>>;
  /** Of the failed greedy episodes, by `boundary/code`. */
  readonly failures: Readonly<Record<string, number>>;
  /** By the category of the data; `uncategorised` where it has none. */
  readonly byCategory: Readonly<Record<string, Score>>;
  /** `original` and `paraphrased` questions, where the data says which. */
  readonly byParaphrase: Readonly<Record<string, Score>>;
  /** Of the answers given. */
  readonly medianAnswerWords: number | null;
  /** Null when nothing was scored. */
  readonly scorer: string | null;
  /**
   * Part of the questions whose scores chose this version before it was scored here: where it is the part scored, the score
   * flatters it. None where no score chose it, and in results that were stored before it was kept.
   */
  readonly chosenOn?: string;
  /** In the order of the problems. */
  readonly perQuestion: readonly QuestionScore[];
}
