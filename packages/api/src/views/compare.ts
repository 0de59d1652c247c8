import { z } from "zod";
import { evaluationRefSchema, intervalSchema, pagedSchema } from "./score.ts";
import { metricInfoSchema, runHeadSchema } from "./run.ts";

const side = z.object({
  /** Null where its episode or its scoring failed, or it was not asked. */
  score: z.number().nullable(),
  answer: z.string().nullable(),
  trajectoryId: z.string().nullable(),
});

export const pairOutcomes = ["win", "loss", "tie", "unscored"] as const;

export const pairedQuestionSchema = z.object({
  problemId: z.string(),
  question: z.string(),
  category: z.string().nullable(),
  goldenAnswers: z.array(z.string()),
  from: side,
  to: side,
  /** Of `to` against `from`. */
  outcome: z.enum(pairOutcomes),
});
export type PairedQuestion = z.infer<typeof pairedQuestionSchema>;

export const comparisonSchema = z.object({
  runs: z.array(runHeadSchema),
  /** By id of each run: those of its config but for the seed, itself included, compared or not, oldest first. */
  seeds: z.record(z.string(), z.array(z.string())),
  /** Config keys in which the runs differ; one value a run, null where it has no such key. */
  differences: z.array(z.object({ path: z.string(), values: z.array(z.string().nullable()) })),
  /** What can be paired, `run:stage:step` each, of the runs compared. */
  choices: z.array(z.object({ ...evaluationRefSchema.shape, id: z.string(), label: z.string() })),
  metrics: z.array(metricInfoSchema),
  /** Null until both sides are known; a sentence in place of it says why two cannot be paired. */
  paired: z
    .object({
      from: z.string(),
      to: z.string(),
      n: z.int(),
      difference: z.number().nullable(),
      ci95: intervalSchema.nullable(),
      isGain: z.boolean(),
      sentence: z.string(),
      wins: z.int(),
      losses: z.int(),
      ties: z.int(),
      unscored: z.int(),
      questions: z.array(pairedQuestionSchema),
      ...pagedSchema,
    })
    .nullable(),
  unpaired: z.string().nullable(),
});
export type Comparison = z.infer<typeof comparisonSchema>;
