/** @file What may be asked for, as parameters of an address: strict, with defaults. The page's own addresses hold the same words. */
import { rolloutPurposes, runStatuses } from "./names.ts";
import { z } from "zod";
import { controlActions } from "./views/run.ts";
import { pairOutcomes } from "./views/compare.ts";
import { policyKinds } from "./views/leaderboard.ts";
import { xAxes } from "./views/series.ts";

/** Rows of one answer, at most. */
export const maxRows = 2_000;
/** Tokens of one answer, at most. */
export const maxTokens = 20_000;
/** Points of a drawn curve, at most. */
export const maxPoints = 2_000;
/** Metrics of one answer, at most. */
export const maxMetrics = 40;
/** Runs of one comparison, at most. */
export const maxCompared = 50;

const whole = z.coerce
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const text = z.string().max(500);
const name = z.string().min(1).max(200);
/** Parameters hold lists with commas between. */
const list = z
  .string()
  .max(20_000)
  .transform((value) => value.split(",").filter((item) => item !== ""));

const limit = whole.pipe(z.number().min(1).max(maxRows));
const page = { offset: whole.default(0), limit: limit.default(50) };
/** A table holds all rows, as many as one answer may, unless fewer are asked for. */
const table = { limit: limit.default(maxRows) };
const order = z.enum(["ascending", "descending"]);

export const leaderboardSorts = [
  "rank",
  "runName",
  "exactMatch",
  "sampled",
  "goldRecall",
  "searchesPerQuestion",
  "tokensPerCorrect",
  "secondsPerCorrect",
  "failed",
  "createdAt",
] as const;

export const leaderboardQuery = z.strictObject({
  /** Id of an evaluation set; the one with most policies where none is named. */
  set: text.optional(),
  search: text.default(""),
  kind: list.pipe(z.array(z.enum(policyKinds))).optional(),
  /** The last evaluation of every stage, of which those of one version stand once, or all of them. */
  which: z.enum(["last", "all"]).default("last"),
  /** A category to sort and rank nothing by, but to show: exact match of it. */
  sort: z.enum(leaderboardSorts).default("rank"),
  order: order.default("ascending"),
  ...page,
});

export const leaderboardTableQuery = leaderboardQuery.extend(table);

export const runsQuery = z.strictObject({
  search: text.default(""),
  status: list.pipe(z.array(z.enum(runStatuses))).optional(),
  name: list.optional(),
  /** Column ids; the defaults where none are named. */
  columns: list.optional(),
  /** A column id. */
  sort: name.default("createdAt"),
  order: order.default("descending"),
  group: z.enum(["none", "seeds"]).default("none"),
  /** A run that the others are compared with. */
  baseline: name.optional(),
  ...page,
});

export const runsTableQuery = runsQuery.extend(table);

/** Before a run's id: the mean over the seeds of its config. */
export const seedsPrefix = "seeds:";

export const seriesQuery = z.strictObject({
  /** Run ids, or {@link seedsPrefix} and a run id. */
  sources: list.pipe(z.array(name).min(1).max(50)),
  metrics: list.pipe(z.array(name).min(1).max(maxMetrics)),
  x: z.enum(xAxes).default("step"),
  points: whole.pipe(z.number().min(10).max(maxPoints)).default(1_000),
  /** Range of x, both ends included. */
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
});

export const runQuery = z.strictObject({
  /** A run to take the config's differences from, in place of its parent. */
  against: name.optional(),
});

export const compareQuery = z.strictObject({
  runs: list.pipe(z.array(name).max(maxCompared)).default([]),
  /** `run:stage:step`. */
  from: name.optional(),
  to: name.optional(),
  measure: z.enum(["greedy", "sampled"]).default("greedy"),
  outcome: z.enum(pairOutcomes).optional(),
  search: text.default(""),
  ...page,
});

export const problemsQuery = z.strictObject({
  search: text.default(""),
  split: name.optional(),
  sort: z.enum(["id", "question", "attempts", "firstReward", "lastReward", "change", "failed"]).default("id"),
  order: order.default("ascending"),
  ...page,
});

export const attemptsQuery = z.strictObject({
  stage: name.optional(),
  step: whole.optional(),
  purpose: z.enum(rolloutPurposes).optional(),
  problemId: name.optional(),
  outcome: z.enum(["right", "wrong", "failed"]).optional(),
  /** `boundary/code`. */
  failure: name.optional(),
  ...page,
});

export const tokensQuery = z.strictObject({
  from: whole.default(0),
  limit: whole.pipe(z.number().min(1).max(maxTokens)).default(4_000),
});

export const controlRequestSchema = z.strictObject({ action: z.enum(controlActions) });

export type LeaderboardQuery = z.infer<typeof leaderboardQuery>;
export type RunsQuery = z.infer<typeof runsQuery>;
export type SeriesQuery = z.infer<typeof seriesQuery>;
export type RunQuery = z.infer<typeof runQuery>;
export type CompareQuery = z.infer<typeof compareQuery>;
export type ProblemsQuery = z.infer<typeof problemsQuery>;
export type AttemptsQuery = z.infer<typeof attemptsQuery>;
export type TokensQuery = z.infer<typeof tokensQuery>;
