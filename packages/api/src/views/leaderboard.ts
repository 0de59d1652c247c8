import { z } from "zod";
import {
  estimateSchema,
  evaluationRefSchema,
  pagedSchema,
  sampledEstimatesSchema,
  uncountedEstimateSchema,
} from "./score.ts";

/** Policies are ranked on one set of questions, scored by one scorer: others are not comparable. */
export const evaluationSetSchema = z.object({
  /** Stable: a hash over data, split, questions and scorer. */
  id: z.string(),
  /** Of the data, as a person would call it. */
  name: z.string(),
  split: z.string(),
  questions: z.int(),
  dataSha256: z.string(),
  scorer: z.string(),
  /** Evaluations of one policy count once. */
  policies: z.int(),
});
export type EvaluationSet = z.infer<typeof evaluationSetSchema>;

export const policyKinds = ["base", "retrieval-augmented", "trained", "chat"] as const;

/**
 * Why a policy has no rank, and counts in nobody's: no question of it was scored, or its version was chosen by its scores on the
 * very questions, which flatter it.
 */
export const unrankedReasons = ["nothing-scored", "chosen-on-these-questions"] as const;
export type UnrankedReason = (typeof unrankedReasons)[number];

export const leaderboardEntrySchema = z.object({
  ...evaluationRefSchema.shape,
  /** `run:stage:step`. */
  id: z.string(),
  runName: z.string(),
  /** 1 + the policies whose lead over this one has a paired interval above 0; ties share a rank, and so do evaluations of one policy. Null where `unranked` says why. */
  rank: z.int().nullable(),
  unranked: z.enum(unrankedReasons).nullable(),
  /** How many other policies have the same rank; 0 without one. */
  ties: z.int(),
  /** Part of the questions whose scores chose the version; null where none did, or where the result does not say. */
  chosenOn: z.string().nullable(),
  kind: z.enum(policyKinds),
  /** Shown whatever the filters say. */
  isBaseline: z.boolean(),
  model: z.string(),
  engine: z.string(),
  retriever: z.string(),
  prompt: z.string(),
  /** Seeds of the runs with the same config but for the seed, this one's first. */
  seeds: z.array(z.number()),
  exactMatch: estimateSchema,
  sampled: sampledEstimatesSchema.nullable(),
  /** Share of the questions with known gold records for which one was shown; results that were stored before those were counted give no n. */
  goldRecall: uncountedEstimateSchema,
  searchesPerQuestion: estimateSchema,
  /** Sampled tokens of all scored questions over the right ones; null value without a right one. */
  tokensPerCorrect: estimateSchema,
  /** Wall-clock seconds of all scored episodes over the right ones: of this machine, under this load. */
  secondsPerCorrect: estimateSchema,
  /** Questions whose episode or scoring failed: left out, never scored 0. */
  failed: z.int(),
  /** 95 % upper bound of the share of failures (rule of three) where none was seen. */
  failureBound: z.number().nullable(),
  /** Exact match by category of the questions. */
  byCategory: z.record(z.string(), estimateSchema),
  hashes: z.object({
    /** SHA-256 of the adapter; null of the base. */
    checkpoint: z.string().nullable(),
    model: z.string().nullable(),
    data: z.string(),
    prompt: z.string().nullable(),
    index: z.string().nullable(),
    config: z.string(),
    scorer: z.string(),
  }),
  createdAt: z.string(),
});
export type LeaderboardEntry = z.infer<typeof leaderboardEntrySchema>;

export const leaderboardSchema = z.object({
  sets: z.array(evaluationSetSchema),
  /** The set that is shown; null where nothing was evaluated. */
  set: evaluationSetSchema.nullable(),
  categories: z.array(z.string()),
  /** Base and retrieval-augmented policies of the set, best of each model first. */
  baselines: z.array(leaderboardEntrySchema),
  /** What the filters leave, baselines among them, in the order asked for. */
  entries: z.array(leaderboardEntrySchema),
  ...pagedSchema,
});
export type Leaderboard = z.infer<typeof leaderboardSchema>;
