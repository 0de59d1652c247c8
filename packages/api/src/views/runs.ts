import { runStatuses } from "../names.ts";
import { z } from "zod";
import { pagedSchema } from "./score.ts";

export const columnKinds = ["text", "status", "count", "number", "percent", "time", "duration", "tokens"] as const;

export const runColumnSchema = z.object({
  /** `name`, `config.seed`, `metric.reward`, `score.test`, `cost.seconds`. */
  id: z.string(),
  label: z.string(),
  kind: z.enum(columnKinds),
  group: z.enum(["run", "config", "metric", "score", "cost"]),
  /** What it says, in a sentence. */
  hint: z.string(),
  isDefault: z.boolean(),
});
export type RunColumn = z.infer<typeof runColumnSchema>;

type Cell = string | number | null;

/** One loop: a list has tens of thousands of cells, and a schema of each takes ten times as long. */
const cellsSchema = z.custom<Record<string, Cell>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isCell),
  "not a record of texts, numbers and nulls",
);
const isCell = (value: unknown): boolean =>
  value === null || typeof value === "string" || (typeof value === "number" && Number.isFinite(value));

export const runRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(runStatuses),
  /** One run, or the runs of one config but for the seed. */
  members: z.array(z.object({ id: z.string(), seed: z.number().nullable(), status: z.enum(runStatuses) })),
  /** By column id, only of the columns asked for; of a group the mean over its members, and of its config what all have. */
  cells: cellsSchema,
  /** By column id, of a group's means alone: the members that have the value. */
  n: z.record(z.string(), z.int()),
});
export type RunRow = z.infer<typeof runRowSchema>;

export const runListSchema = z.object({
  columns: z.array(runColumnSchema),
  rows: z.array(runRowSchema),
  /** The row others are compared with, also where a filter hides it. */
  baseline: runRowSchema.nullable(),
  /** Counts over all runs that the search leaves, before the filters on status and name. */
  facets: z.object({ status: z.record(z.string(), z.int()), name: z.record(z.string(), z.int()) }),
  ...pagedSchema,
});
export type RunList = z.infer<typeof runListSchema>;
