import { compareQuery, maxCompared, xAxes } from "@litmus/api";
import { z } from "zod";
import { viewSchema } from "../../state/view-schema.ts";

const text = z.string().catch("");
const { measure, outcome } = compareQuery.shape;

/** What the address of this page holds besides its path. */
export const compareView = viewSchema({
  /** Ids of the runs, in the order in which they were chosen: it gives each its colour. The first ones where they are too many. */
  runs: z
    .array(z.string())
    .transform((runs) => runs.slice(0, maxCompared))
    .catch([]),
  /** Runs whose curves are not drawn; all else of them stays. */
  hidden: z.array(z.string()).catch([]),

  metrics: z.array(z.string()).catch([]),
  /** Metrics whose chart is shown as a table. */
  tables: z.array(z.string()).catch([]),
  x: z.enum(xAxes).catch("step"),
  smooth: z.number().min(0).max(0.99).catch(0),
  /** Whether runs that differ in the seed alone are drawn as one line, their mean. */
  seeds: z.boolean().catch(false),
  zoom: z.object({ from: z.number(), to: z.number() }).nullable().catch(null),

  /** The two evaluations, `run:stage:step` each; empty where none is chosen. */
  from: text,
  to: text,
  measure: z.enum(measure.unwrap().options).catch(measure.parse(undefined)),
  outcome: outcome.unwrap().nullable().catch(null),
  search: text,
  offset: z.int().min(0).catch(0),
});
export type ComparePageView = typeof compareView.defaults;
