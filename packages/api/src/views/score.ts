import { z } from "zod";

export const intervalSchema = z.object({ low: z.number(), high: z.number() });
export type IntervalView = z.infer<typeof intervalSchema>;

/** A number over questions with its 95 % interval; what the number is, its place says. */
export const estimateSchema = z.object({
  /** Null when nothing was scored. */
  value: z.number().nullable(),
  /** Questions it is over; those that failed are not among them. */
  n: z.int(),
  /** Null where no interval is known. */
  ci95: intervalSchema.nullable(),
});
export type Estimate = z.infer<typeof estimateSchema>;

/** Of a result that may not say over how many questions it is. */
export const uncountedEstimateSchema = estimateSchema.extend({
  /** Null where that is not known. */
  n: z.int().nullable(),
});
export type UncountedEstimate = z.infer<typeof uncountedEstimateSchema>;

/** What k samples of each question at temperature 1 scored. */
export const sampledEstimatesSchema = z.object({
  k: z.int(),
  /** Mean over questions of the mean over their scored samples. */
  exactMatch: estimateSchema,
  /** Share of the questions that one of k samples solves, over those whose k samples were all scored. */
  passAtK: estimateSchema,
  /** Samples whose episode or scoring failed: left out, never scored 0. */
  failed: z.int(),
});
export type SampledEstimates = z.infer<typeof sampledEstimatesSchema>;

/** Which scores a run's checkpoint has. `run:stage:step`, as `litmus compare` takes it. */
export const evaluationRefSchema = z.object({
  runId: z.string(),
  stage: z.string(),
  step: z.int(),
  split: z.string(),
  /** Null where no version of the policy is known at that point. */
  version: z.int().nullable(),
});
export type EvaluationRef = z.infer<typeof evaluationRefSchema>;

export const pagedSchema = { total: z.int(), offset: z.int(), limit: z.int() };
