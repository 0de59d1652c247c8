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
  const { runId, sequence } = metrics;
  const rows = await database.select(columnsOf(metrics, sequence)).from(metrics).where(eq(runId, id)).groupBy(runId);
  return rows.flatMap((row) => {
    const { names, stages, steps, values } = decodedColumns(row);
    return names.map((name, index) => {
      const raw = { runId: id, stage: stages[index], step: steps[index], name, value: values[index] };
      return parseRecord(recordSchemas.metric, raw, "metric");
    });
  });
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
  const { runId, name } = latestMetrics;
  const rows = await database
    .select(columnsOf(latestMetrics, name))
    .from(latestMetrics)
    .where(isOneOf(runId, runIds))
    .groupBy(runId)
    .orderBy(asc(runId));
  return rows.map((row) => parseRecord(recordSchemas.latestMetrics, decodedColumns(row), "metrics"));
}

/** One row a run: thousands of rows cost more than what they hold. Of short arrays JSON is what is read fastest. */
function columnsOf({ runId, name, stage, step, value }: typeof metrics | typeof latestMetrics, order: PgColumn) {
  return {
    runId,
    names: sql<readonly string[]>`json_agg(${name} ORDER BY ${order})`,
    stages: sql<readonly string[]>`json_agg(${stage} ORDER BY ${order})`,
    steps: sql<readonly number[]>`json_agg(${step} ORDER BY ${order})`,
    // Those that JSON cannot hold are there by name, as everywhere.
    values: sql<readonly (number | string)[]>`json_agg(${value} ORDER BY ${order})`,
  };
}

interface StoredColumns {
  readonly runId: string;
  readonly names: readonly string[];
  readonly stages: readonly string[];
  readonly steps: readonly number[];
  readonly values: readonly (number | string)[];
}

const decodedColumns = (row: StoredColumns): StoredColumns => ({
  ...row,
  names: row.names.map(decodeText),
  stages: row.stages.map(decodeText),
});
