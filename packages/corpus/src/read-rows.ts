import { LitmusError } from "@litmus/core";
import { readLines } from "./read-lines.ts";
import { isParquet, readParquet } from "./read-parquet.ts";

/** One JSON object of a JSONL file or one row of a Parquet file, not yet checked any further. */
export interface Row {
  /** `path:line`, for messages. */
  readonly where: string;
  /** From 1. */
  readonly number: number;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** Rows whose columns all equal these values; others are left out. */
export type RowFilter = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Streams the rows of a file: JSON lines, plain or gzip, or Parquet.
 * @throws LitmusError `invalid-data` with path and line when a line is no JSON object, or when no row is left; as
 * {@link readParquet}
 */
export async function* readRows(path: string, where: RowFilter = {}): AsyncGenerator<Row> {
  let read = 0;
  let rows = 0;
  for await (const row of (await isParquet(path)) ? parquetRows(path) : jsonRows(path)) {
    read++;
    if (!matches(row, where)) continue;
    rows++;
    yield row;
  }
  if (rows > 0) return;
  throw read === 0
    ? new LitmusError("invalid-data", `${path}: the file is empty`, {
        path,
        hint: "One JSON object a line is expected.",
      })
    : new LitmusError("invalid-data", `${path}: no line has ${JSON.stringify(where)}`, {
        path,
        hint: "Check the filter against the columns of the file.",
      });
}

async function* jsonRows(path: string): AsyncGenerator<Row> {
  for await (const line of readLines(path)) {
    const row = { where: `${path}:${line.number}`, number: line.number, columns: {} };
    yield { ...row, columns: parseObject(line.text, row) };
  }
}

async function* parquetRows(path: string): AsyncGenerator<Row> {
  for await (const { number, columns } of readParquet(path)) yield { where: `${path}:${number}`, number, columns };
}

/** A bad row: `path:line: what`. */
export function invalidRow(row: Row, what: string, hint: string): LitmusError {
  return new LitmusError("invalid-data", `${row.where}: ${what}`, { path: row.where, hint });
}

/** The value of a column. @throws LitmusError `invalid-data` naming the columns there are */
export function requireColumn(row: Row, column: string): unknown {
  if (Object.hasOwn(row.columns, column)) return row.columns[column];
  const present = Object.keys(row.columns).slice(0, 20).join(", ");
  throw invalidRow(row, `no column "${column}"`, `The line has the columns: ${present}. Correct the field map.`);
}

/** The text of a column, well-formed Unicode. @throws LitmusError `invalid-data` */
export function requireText(row: Row, column: string): string {
  const value = requireColumn(row, column);
  if (typeof value !== "string") throw invalidRow(row, `column "${column}" is not text`, "Give a JSON string.");
  return wellFormed(row, column, value);
}

/** Texts are stored and hashed as UTF-8, which has no lone surrogates. @throws LitmusError `invalid-data` */
export function wellFormed(row: Row, column: string, text: string): string {
  if (text.isWellFormed()) return text;
  throw invalidRow(row, `column "${column}" holds half a surrogate pair`, "Write the text out again as UTF-8.");
}

function parseObject(text: string, row: Row): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidRow(row, `not JSON (${reason})`, "Each line must be one whole JSON object.");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidRow(row, "not a JSON object", 'Each line must be an object such as {"id": "…", "title": "…"}.');
}

function matches(row: Row, filter: RowFilter): boolean {
  return Object.entries(filter).every(([column, value]) => requireColumn(row, column) === value);
}
