import { type CorpusRecord, type IndexInfo, recordId } from "@litmus/core";
import { type RecordFields, pubmedRecordFields } from "./field-maps.ts";
import { type Row, type RowFilter, invalidRow, readRows, requireColumn, requireText } from "./read-rows.ts";
import { readId } from "./read-id.ts";

export interface ReadRecordsOptions {
  /** JSONL, plain or gzip. */
  readonly path: string;
  /** Default: {@link pubmedRecordFields}. */
  readonly fields?: RecordFields;
  /** With `pubmed`, every id must be a PMID. Default `own`. */
  readonly idSpace?: IndexInfo["idSpace"];
  /** Only rows with these column values. */
  readonly where?: RowFilter;
}

const pmidPattern = /^[1-9][0-9]{0,8}$/;

/**
 * Streams the records of a file in its order; ids are unique.
 * @throws LitmusError `invalid-data` with path and line; `not-found`; `corrupt-file`
 */
export async function* readRecords(options: ReadRecordsOptions): AsyncGenerator<CorpusRecord> {
  const { path, fields = pubmedRecordFields, idSpace = "own", where } = options;
  const seen = new Set<string>();
  for await (const row of readRows(path, where)) {
    const record = toRecord(row, fields);
    if (idSpace === "pubmed" && !pmidPattern.test(record.id)) {
      throw invalidRow(row, `"${record.id}" is no PMID`, 'A PMID is a number; use idSpace "own" for other ids.');
    }
    if (seen.has(record.id)) throw invalidRow(row, `the id "${record.id}" occurs twice`, "Keep one line an id.");
    seen.add(record.id);
    yield record;
  }
}

function toRecord(row: Row, fields: RecordFields): CorpusRecord {
  const title = fields.title === undefined ? "" : readText(row, fields.title);
  const text = readText(row, fields.text);
  if (title === "" && text === "") throw invalidRow(row, "neither title nor text", "Leave the line out.");
  const year = fields.year === undefined ? null : readYear(row, fields.year);
  return { id: recordId(readId(row, fields.id, requireColumn(row, fields.id))), title, text, year };
}

/** Null is an absent text: a third of PubMed has no abstract. */
function readText(row: Row, column: string): string {
  return requireColumn(row, column) === null ? "" : requireText(row, column).trim();
}

function readYear(row: Row, column: string): number | null {
  const value = row.columns[column] ?? null;
  if (value === null) return null;
  const year = typeof value === "string" && /^[0-9]{4}$/.test(value) ? Number(value) : value;
  if (typeof year === "number" && Number.isInteger(year) && year >= 1000 && year <= 9999) return year;
  throw invalidRow(row, `column "${column}" is no year`, "Give a whole number such as 1998, or null.");
}
