import { failureBoundaries, rolloutPurposes } from "../names.ts";
import { z } from "zod";
import { pagedSchema } from "./score.ts";
import { runHeadSchema } from "./run.ts";

/** An episode that did not fail: why it stopped. */
export const stoppedSchema = z.object({ type: z.literal("stopped"), reason: z.string() });

export const endingSchema = z.discriminatedUnion("type", [
  stoppedSchema,
  z.object({
    type: z.literal("failed"),
    boundary: z.enum(failureBoundaries),
    code: z.string(),
    message: z.string(),
  }),
]);
export type Ending = z.infer<typeof endingSchema>;

/** A trajectory in a list. */
export const attemptSchema = z.object({
  trajectoryId: z.string(),
  runId: z.string(),
  stage: z.string(),
  step: z.int(),
  purpose: z.enum(rolloutPurposes),
  group: z.int(),
  member: z.int(),
  version: z.int(),
  problemId: z.string().nullable(),
  /** Empty where the question is not known. */
  question: z.string(),
  answer: z.string().nullable(),
  /** Null where nothing was scored. This and every number below is null too where what is stored is no finite number. */
  reward: z.number().nullable(),
  exactMatch: z.number().nullable(),
  /** Why it ended, or what failed: the episode or its scoring. */
  ending: endingSchema,
  queries: z.array(z.string()),
  /** Whether a gold record was shown; null where none is known. */
  foundGold: z.boolean().nullable(),
  searches: z.number().nullable(),
  sampledTokens: z.number().nullable(),
  durationMs: z.number().nullable(),
  startedAt: z.string(),
});
export type Attempt = z.infer<typeof attemptSchema>;

export const problemInfoSchema = z.object({
  id: z.string(),
  split: z.string(),
  question: z.string(),
  goldenAnswers: z.array(z.string()),
  goldRecordIds: z.array(z.string()),
  category: z.string().nullable(),
  isParaphrased: z.boolean().nullable(),
});
export type ProblemInfo = z.infer<typeof problemInfoSchema>;

/** One question over all steps and policies of a run. */
export const problemViewSchema = z.object({
  run: runHeadSchema,
  idSpace: z.enum(["pubmed", "own"]),
  problem: problemInfoSchema,
  attempts: z.array(attemptSchema),
  /** In the order of the run: how the group's reward moved. */
  groups: z.array(
    z.object({
      stage: z.string(),
      step: z.int(),
      purpose: z.enum(rolloutPurposes),
      group: z.int(),
      /** Of the run, from 0 for the base. */
      runStep: z.int(),
      mean: z.number().nullable(),
      rewards: z.array(z.number().nullable()),
      failed: z.int(),
    }),
  ),
  /** Queries that were tried, most often first. */
  queries: z.array(
    z.object({
      query: z.string(),
      count: z.int(),
      /** Searches that showed a gold record; null where none is known. */
      foundGold: z.int().nullable(),
      /** Of the trajectories that tried it. */
      meanReward: z.number().nullable(),
      firstStep: z.int(),
      lastStep: z.int(),
      example: z.string(),
    }),
  ),
  /** Other runs that were asked the same question. */
  otherRuns: z.array(
    z.object({
      run: runHeadSchema,
      attempts: z.int(),
      exactMatch: z.number().nullable(),
      lastTrajectoryId: z.string(),
    }),
  ),
});
export type ProblemView = z.infer<typeof problemViewSchema>;

export const problemListSchema = z.object({
  problems: z.array(
    z.object({
      ...problemInfoSchema.shape,
      attempts: z.int(),
      /** Mean reward of the first and of the last group that was scored: both greedy evaluations, or both of training where there is none. */
      firstReward: z.number().nullable(),
      lastReward: z.number().nullable(),
      /** Greedy exact match at the last evaluation. */
      lastExactMatch: z.number().nullable(),
      failed: z.int(),
    }),
  ),
  ...pagedSchema,
});
export type ProblemList = z.infer<typeof problemListSchema>;

export const attemptListSchema = z.object({ attempts: z.array(attemptSchema), ...pagedSchema });
export type AttemptList = z.infer<typeof attemptListSchema>;
