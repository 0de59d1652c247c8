import { sql } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { encodeTexts } from "./exact-text.ts";

/** Whether a column holds one of the texts, of which there may be any number: they are one value of the statement. */
export function isOneOf(column: PgColumn, texts: readonly string[]): SQL {
  return sql`${column} = ANY(${encodeTexts(texts)}::text[])`;
}
