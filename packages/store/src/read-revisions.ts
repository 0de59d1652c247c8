import type { RunRevision } from "@litmus/core";
import { asc, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { parseRecord } from "./parse-record.ts";
import { recordSchemas } from "./record-schemas.ts";
import { runRevisions } from "./schema.ts";

/** How often each run has changed, by run. */
export async function readRevisions(database: Database): Promise<readonly RunRevision[]> {
  const rows = await database.select().from(runRevisions).orderBy(asc(runRevisions.runId));
  return rows.map((row) => parseRecord(recordSchemas.revision, row, "revision"));
}

/** Bytes of the database on its disk. */
export async function readSizeBytes(database: Database): Promise<number> {
  const [row] = await database
    .select({ bytes: sql`size`.mapWith(Number) })
    .from(sql`pg_database_size(current_database()) AS size`);
  return parseRecord(recordSchemas.sizeBytes, row?.bytes, "size");
}
