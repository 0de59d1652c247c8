import { z } from "zod";
import { viewSchema } from "../../state/view-schema.ts";

export const purposes = ["train", "evaluation", "evaluation-sampled", "ask"] as const;

export const attemptOutcomes = ["right", "wrong", "failed"] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

export const attemptSorts = ["step", "reward", "searches", "sampledTokens", "durationMs"] as const;
export type AttemptSort = (typeof attemptSorts)[number];

/** What the address of this page holds besides its path. */
export const problemView = viewSchema({
  /** Empty: all. */
  purpose: z.array(z.enum(purposes)).catch([]),
  outcome: z.array(z.enum(attemptOutcomes)).catch([]),
  /** Words that an attempt's answer or one of its queries must hold. */
  find: z.string().max(200).catch(""),
  sort: z.enum(attemptSorts).catch("step"),
  order: z.enum(["ascending", "descending"]).catch("ascending"),
  /** Whether the chart's numbers are shown as a table. */
  table: z.boolean().catch(false),
});
export type ProblemViewState = typeof problemView.defaults;
