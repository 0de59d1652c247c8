import { failureBoundaries, runStatuses } from "../names.ts";
import { z } from "zod";
import {
  estimateSchema,
  evaluationRefSchema,
  intervalSchema,
  sampledEstimatesSchema,
  uncountedEstimateSchema,
} from "./score.ts";

export const controlActions = ["pause", "resume", "stop"] as const;
export type ControlAction = (typeof controlActions)[number];

/** What may be done with a run from here. */
export const controlSchema = z.object({
  /** `elsewhere`: another process trains it, which this server cannot reach. */
  state: z.enum(["running", "pausing", "paused", "stopping", "ended", "elsewhere"]),
  actions: z.array(z.enum(controlActions)),
  /** Why an action is not to be had, for people; null where all are that make sense. */
  reason: z.string().nullable(),
  /** What goes on with the run after a stop. */
  resumeCommand: z.string().nullable(),
});
export type Control = z.infer<typeof controlSchema>;

export const metricInfoSchema = z.object({
  name: z.string(),
  label: z.string(),
  /** `share`, `nats`, `tokens`, `seconds`, or none. */
  unit: z.string(),
  hint: z.string(),
  group: z.enum(["learning", "evaluation", "stability", "behaviour", "performance", "other"]),
});
export type MetricInfo = z.infer<typeof metricInfoSchema>;

export const runEvaluationSchema = z.object({
  ...evaluationRefSchema.shape,
  exactMatch: estimateSchema,
  sampled: sampledEstimatesSchema.nullable(),
  /** Share of the questions with known gold records for which one was shown. */
  goldRecall: uncountedEstimateSchema,
  searchesPerQuestion: z.number().nullable(),
  sampledTokens: z.number().nullable(),
  /** Questions whose greedy episode or scoring failed. */
  failed: z.int(),
  byCategory: z.record(z.string(), estimateSchema),
});
export type RunEvaluation = z.infer<typeof runEvaluationSchema>;

export const gainSchema = z.object({
  from: z.string(),
  to: z.string(),
  measure: z.enum(["greedy", "sampled"]),
  n: z.int(),
  difference: z.number().nullable(),
  ci95: intervalSchema.nullable(),
  isGain: z.boolean(),
  /** The gain in plain words, with its interval and what may be said of it. */
  sentence: z.string(),
});

export const alarmSchema = z.object({
  severity: z.enum(["critical", "warning", "note"]),
  /** Kebab-case, stable: `no-searches`. */
  name: z.string(),
  /** In words: what is seen, since when, what to look at. */
  message: z.string(),
  stage: z.string(),
  step: z.int(),
});
export type Alarm = z.infer<typeof alarmSchema>;

export const failureGroupSchema = z.object({
  boundary: z.enum(failureBoundaries),
  code: z.string(),
  /** Of one example. */
  message: z.string(),
  count: z.int(),
  /** Of all trajectories of the run. */
  share: z.number(),
  /** Trajectories to read, newest first, at most 5. */
  examples: z.array(z.string()),
});

export const runHeadSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(runStatuses),
  seed: z.number().nullable(),
  configHash: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
});
export type RunHead = z.infer<typeof runHeadSchema>;

export const runViewSchema = z.object({
  run: runHeadSchema,
  control: controlSchema,
  progress: z.object({
    stage: z.string().nullable(),
    /** Steps of that stage that are done. */
    step: z.int(),
    steps: z.int(),
    doneSteps: z.int(),
    totalSteps: z.int(),
    /** From the steps that are done; null before the first, and of a run that has ended. */
    secondsLeft: z.number().nullable(),
    updatedAt: z.string().nullable(),
  }),
  cost: z.object({
    seconds: z.number(),
    sampledTokens: z.number(),
    trajectories: z.int(),
    failed: z.int(),
    peakRssGiB: z.number().nullable(),
  }),
  stages: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      steps: z.int(),
      done: z.int(),
      /** Number of the stage's first step in the run, from 1: the x axis of curves by step. */
      firstStep: z.int(),
      seconds: z.number(),
    }),
  ),
  checkpoints: z.array(
    z.object({
      stage: z.string(),
      step: z.int(),
      version: z.int(),
      sha256: z.string(),
      parentSha256: z.string().nullable(),
      createdAt: z.string(),
    }),
  ),
  evaluations: z.array(runEvaluationSchema),
  gains: z.array(gainSchema),
  alarms: z.array(alarmSchema),
  failures: z.array(failureGroupSchema),
  /** Of the scored episodes, by purpose. */
  stopReasons: z.record(z.string(), z.int()),
  /** What can be drawn, the fixed board first. */
  metrics: z.array(metricInfoSchema),
  /** Runs of the same config but for the seed, this one included. */
  seeds: z.array(runHeadSchema),
  config: z.object({
    /** Secrets are never in a config; whatever looks like one is hidden. */
    leaves: z.array(z.object({ path: z.string(), value: z.string() })),
    /** The run whose adapter it imported, else the run of this name before it. */
    parent: z.object({ run: runHeadSchema, reason: z.string() }).nullable(),
    differences: z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  }),
  manifest: z.record(z.string(), z.string()),
  idSpace: z.enum(["pubmed", "own"]),
  /** What the reader must know of this run's data or model, one sentence each. */
  limits: z.array(z.string()),
});
export type RunView = z.infer<typeof runViewSchema>;
