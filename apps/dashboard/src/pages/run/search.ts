import { attemptsQuery, maxMetrics, problemsQuery, xAxes } from "@litmus/api";
import type { RunQuery } from "@litmus/api";
import { z } from "zod";
import { viewSchema } from "../../state/view-schema.ts";

export const runTabs = ["curves", "evaluations", "questions", "trajectories", "failures", "config"] as const;

const text = z.string().catch("");
const place = z.int().min(0).catch(0);
const { sort, order } = problemsQuery.shape;
const { purpose, outcome } = attemptsQuery.shape;

/** What the address of this page holds besides its path: the tab, and what is chosen in each. */
export const runView = viewSchema({
  tab: z.enum(runTabs).catch("curves"),

  x: z.enum(xAxes).catch("step"),
  /** Weight of the past in the smoothed line; 0 draws the values alone. */
  smooth: z.number().min(0).max(0.99).catch(0),
  /** Whether the mean over the seeds is drawn, with its band, in place of the run alone. */
  seeds: z.boolean().catch(false),
  /** Range of x that is shown; null for all of it. */
  zoom: z.object({ from: z.number(), to: z.number() }).nullable().catch(null),
  /** Metrics drawn besides the board. */
  more: z
    .array(z.string())
    .transform((names) => names.slice(0, maxMetrics))
    .catch([]),
  /** Metrics whose lines are not drawn. */
  hidden: z.array(z.string()).catch([]),
  /** Charts that are shown as tables. */
  tables: z.array(z.string()).catch([]),

  /** Run to take the config's differences from; empty for its parent. */
  against: text,
  /** Words to find in the config. */
  find: text,

  /** Words to find in the questions. */
  search: text,
  split: text,
  sort: z.enum(sort.unwrap().options).catch(sort.parse(undefined)),
  order: z.enum(order.unwrap().options).catch(order.parse(undefined)),
  offset: place,

  stage: text,
  /** Null for every step. */
  step: z.int().min(0).nullable().catch(null),
  purpose: purpose.unwrap().nullable().catch(null),
  outcome: outcome.unwrap().nullable().catch(null),
  /** `boundary/code`. */
  failure: text,
  /** Place of the first trajectory listed. */
  from: place,
});
export type RunPageView = typeof runView.defaults;

export const runQueryOf = ({ against }: RunPageView): RunQuery => (against === "" ? {} : { against });
