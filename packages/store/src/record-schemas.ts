/** @file What the store gives back, checked once where it enters: rows of the database, and answers of a server that reads one. */
import { failureBoundaries, rolloutPurposes, runStatuses, stopReasons } from "@litmus/core";
import type {
  CheckpointRecord,
  EvaluationRecord,
  LatestMetrics,
  MetricCurve,
  MetricRecord,
  PolicyVersion,
  PolicyVersionRecord,
  Problem,
  ProblemId,
  RecordId,
  RolloutKey,
  RolloutTotals,
  RunId,
  RunRecord,
  RunRevision,
  Sha256,
  StoredProblem,
  StoredTrajectory,
  TrainedTokens,
  TrajectoryId,
  TrajectorySummary,
} from "@litmus/core";
import { z } from "zod";

const numberNames: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity };
/** Any number; JSON sends those it cannot hold by name. */
const double = z.custom<number | string>(isDouble, "not a number").transform(toDouble);

function isDouble(value: unknown): value is number | string {
  return typeof value === "number" || (typeof value === "string" && Object.hasOwn(numberNames, value));
}

function toDouble(value: number | string): number {
  return typeof value === "number" ? value : (numberNames[value] ?? NaN);
}

const integer = z.int();
const text = z.string();

/** A column of thousands of elements: a schema of each takes ten times as long as one loop. */
const columnOf = <T>(isElement: (value: unknown) => value is T, what: string): z.ZodType<T[]> =>
  z.custom<T[]>((value) => Array.isArray(value) && value.every(isElement), `not a list of ${what}`);
const texts = columnOf((value) => typeof value === "string", "texts");
const integers = columnOf((value): value is number => Number.isSafeInteger(value), "whole numbers");
const unequal = "columns of different lengths";
const doubles = columnOf(isDouble, "numbers").transform((values) => values.map(toDouble));
const sha256 = text.transform((value) => value as Sha256);
const runId = text.transform((value) => value as RunId);
const problemId = text.transform((value) => value as ProblemId);
const recordId = text.transform((value) => value as RecordId);
const trajectoryId = text.transform((value) => value as TrajectoryId);
const version = integer.transform((value) => value as PolicyVersion);
/** Plain JSON of the caller's own shape; a missing member counts as null. */
const plainJson = z.unknown().transform((value) => value ?? null);

const failure = z.object({ boundary: z.enum(failureBoundaries), code: text, message: text, retryable: z.boolean() });

const action = z.discriminatedUnion("type", [
  z.object({ type: z.literal("search"), query: text }),
  z.object({ type: z.literal("answer"), answer: text, cited: z.array(text) }),
  z.object({ type: z.literal("malformed"), reason: text }),
]);

const shownHit = z.object({
  recordId,
  rank: integer,
  score: double,
  title: text,
  year: integer.exactOptional(),
  shownText: text,
  cut: z.boolean(),
});

const turn = z.object({
  index: integer,
  actionText: text,
  action,
  sampledTokens: integer,
  search: z
    .object({ query: text, hits: z.array(shownHit), durationMs: double, failure: failure.nullable() })
    .nullable(),
});

const outcome = z.discriminatedUnion("type", [
  z.object({ type: z.literal("stopped"), reason: z.enum(stopReasons) }),
  z.object({ type: z.literal("failed"), failure }),
]);
const usage = z.object({ prefilledTokens: double, cachedTokens: double, sampledTokens: double, searches: double });

const trajectory = z.object({
  schemaVersion: z.literal(1),
  question: text,
  prompt: z.object({ name: text, sha256 }),
  policy: z.object({ engine: text, modelSha256: sha256, version, adapterSha256: sha256.nullable() }),
  indexId: sha256,
  temperature: double,
  seed: double,
  tokens: z.array(integer),
  segments: z.array(
    z.object({ kind: z.enum(["prompt", "action", "observation"]), start: integer, end: integer, turn: integer }),
  ),
  logProbs: z.array(double),
  turns: z.array(turn),
  answer: text.nullable(),
  cited: z.array(recordId),
  outcome,
  usage,
  timing: z.object({ startedAt: text, durationMs: double }),
});

const reward = z.object({
  components: z.array(z.object({ name: text, score: double, weight: double, detail: text })),
  total: double,
  scorer: text,
});

const moments = z.object({ x: double, xx: double, xCorrect: double });

const rolloutKey = z.object({
  runId,
  stage: text,
  step: integer,
  purpose: z.enum(rolloutPurposes),
  group: integer,
  member: integer,
});

const problem = z.object({
  id: problemId,
  question: text,
  goldenAnswers: z.array(text),
  goldRecordIds: z.array(recordId),
  category: text.nullable(),
  isParaphrased: z.boolean().nullable(),
});

/** Each record of the port, as a schema whose output is core's own type. */
export const recordSchemas = {
  run: z.object({
    id: runId,
    name: text,
    status: z.enum(runStatuses),
    configHash: sha256,
    config: plainJson,
    manifest: z.record(text, text),
    createdAt: text,
    finishedAt: text.nullable(),
  }) satisfies z.ZodType<RunRecord>,
  problem: problem satisfies z.ZodType<Problem>,
  storedProblem: problem.extend({ split: text }) satisfies z.ZodType<StoredProblem>,
  rolloutKey: rolloutKey satisfies z.ZodType<RolloutKey>,
  trajectory: z.object({
    id: trajectoryId,
    key: rolloutKey,
    problemId: problemId.nullable(),
    trajectory,
    reward: reward.nullable(),
    rewardFailure: failure.nullable(),
  }) satisfies z.ZodType<StoredTrajectory>,
  summary: z.object({
    id: trajectoryId,
    key: rolloutKey,
    problemId: problemId.nullable(),
    policyVersion: version,
    answer: text.nullable(),
    outcome,
    rewardTotal: double.nullable(),
    components: z.array(z.object({ name: text, score: double })),
    rewardFailure: failure.nullable(),
    usage,
    startedAt: text,
    durationMs: double,
    searches: z.array(z.object({ query: text, recordIds: z.array(recordId) })),
  }) satisfies z.ZodType<TrajectorySummary>,
  rolloutTotals: z.object({
    runId,
    stage: text,
    step: integer,
    purpose: z.enum(rolloutPurposes),
    trajectories: integer,
    failed: integer,
    sampledTokens: double,
    searches: double,
    durationMs: double,
    correct: double,
    scored: z.object({ trajectories: integer, sampledTokens: moments, searches: moments, durationMs: moments }),
    stopReasons: z.partialRecord(z.enum(stopReasons), integer),
  }) satisfies z.ZodType<RolloutTotals>,
  trainedTokens: z.object({
    trajectoryId,
    step: integer,
    advantages: z.array(double),
    trainerLogProbs: z.array(double).nullable(),
  }) satisfies z.ZodType<TrainedTokens>,
  policyVersion: z.object({
    runId,
    version,
    adapter: z.object({ version, path: text, sha256 }).nullable(),
    parentSha256: sha256.nullable(),
    stage: text,
    step: integer,
  }) satisfies z.ZodType<PolicyVersionRecord>,
  checkpoint: z.object({
    runId,
    stage: text,
    step: integer,
    state: z.object({
      version,
      adapterPath: text,
      adapterSha256: sha256,
      optimizerPath: text,
      optimizerSha256: sha256,
      updates: integer,
    }),
    parentSha256: sha256.nullable(),
    createdAt: text,
  }) satisfies z.ZodType<CheckpointRecord>,
  metric: z.object({ runId, stage: text, step: integer, name: text, value: double }) satisfies z.ZodType<MetricRecord>,
  metricCurve: z
    .object({ stage: text, name: text, steps: integers, values: doubles })
    .refine(({ steps, values }) => steps.length === values.length, unequal) satisfies z.ZodType<MetricCurve>,
  latestMetrics: z
    .object({ runId, names: texts, stages: texts, values: doubles })
    .refine(
      ({ names, stages, values }) => [stages, values].every(({ length }) => length === names.length),
      unequal,
    ) satisfies z.ZodType<LatestMetrics>,
  evaluation: z.object({
    runId,
    stage: text,
    step: integer,
    split: text,
    result: plainJson,
  }) satisfies z.ZodType<EvaluationRecord>,
  revision: z.object({ runId, revision: integer }) satisfies z.ZodType<RunRevision>,
  sizeBytes: integer,
};
