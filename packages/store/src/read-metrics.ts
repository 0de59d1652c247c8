import type { LatestMetrics, MetricCurve, MetricRecord, RunId } from "@litmus/core";
import { and, asc, eq, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Database } from "./database.ts";
import { doublesOf, integersOf, sentArray } from "./binary-arrays.ts";
import { decodeText } from "./exact-text.ts";
import { isOneOf } from "./is-one-of.ts";
import { parseRecord } from "./parse-record.ts";
import { recordSchemas } from "./record-schemas.ts";
import { latestMetrics, metrics } from "./schema.ts";

/** The metrics of a run, in the order written. */
export async function readMetrics(database: Database, id: RunId): Promise<readonly MetricRecord[]> {
  const { runId, sequence, name, stage, step, value } = metrics;
  const columns = {
    names: listOf<string>(name, sequence),
    stages: listOf<string>(stage, sequence),
    steps: listOf<number>(step, sequence),
    values: listOf<number | string>(value, sequence),
  };
  const rows = await database.select(columns).from(metrics).where(eq(runId, id)).groupBy(runId);
  return rows.flatMap(({ names, stages, steps, values }) =>
    names.map((stored, index) => {
      const raw = { runId: id, stage: decodeText(stages[index] ?? ""), step: steps[index], value: values[index] };
      return parseRecord(recordSchemas.metric, { ...raw, name: decodeText(stored) }, "metric");
    }),
  );
}

/** Metrics of a run of some names, by name, then by stage, each by its steps. */
export async function readMetricCurves(
  database: Database,
  id: RunId,
  names: readonly string[],
): Promise<readonly MetricCurve[]> {
  const { runId, name, stage, step, value } = metrics;
  const rows = await database
    .select({
      stage,
      name,
      steps: sentArray(step),
      values: sentArray(value),
    })
    .from(metrics)
    .where(and(eq(runId, id), isOneOf(name, names)))
    .groupBy(name, stage)
    .orderBy(sql`${name} COLLATE "C"`, sql`${stage} COLLATE "C"`);
  return rows.map(({ steps, values, ...row }) => {
    const curve = { ...row, steps: integersOf(steps), values: doublesOf(values) };
    return parseRecord(recordSchemas.metricCurve, byStep(curve), "metrics");
  });
}

/** Postgres takes half as long again to sort what nearly always is in its order. */
function byStep({ steps, values, ...row }: MetricCurve): MetricCurve {
  if (steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0))) return { ...row, steps, values };
  const order = steps.map((_, index) => index).sort((a, b) => (steps[a] ?? 0) - (steps[b] ?? 0));
  return { ...row, steps: order.map((index) => steps[index] ?? 0), values: order.map((index) => values[index] ?? 0) };
}

/** The last metrics of each run, by run; of each by name. */
export async function readLatestMetrics(
  database: Database,
  runIds: readonly RunId[],
): Promise<readonly LatestMetrics[]> {
  const { runId, name, stage, value } = latestMetrics;
  const columns = {
    runId,
    names: listOf<string>(name, name),
    stages: listOf<string>(stage, name),
    values: listOf<number | string>(value, name),
  };
  const rows = await database
    .select(columns)
    .from(latestMetrics)
    .where(isOneOf(runId, runIds))
    .groupBy(runId)
    .orderBy(asc(runId));
  return rows.map(({ names, stages, ...row }) => {
    const decoded = { ...row, names: names.map(decodeText), stages: stages.map(decodeText) };
    return parseRecord(recordSchemas.latestMetrics, decoded, "metrics");
  });
}

/**
 * A column's values of a group in one row: thousands of rows cost more than what they hold, and JSON is read faster than an array of
 * texts. Numbers that JSON cannot hold are there by name.
 */
const listOf = <Element>(column: PgColumn, order: PgColumn) =>
  sql<readonly Element[]>`json_agg(${column} ORDER BY ${order})`;
