import type { DatasetFinding } from "./dataset-finding.ts";
import { readRows } from "./read-rows.ts";

/**
 * One finding for each row of a JSONL file whose columns are not exactly the given ones.
 * @throws LitmusError as `readRecords`, for lines that are no JSON objects
 */
export async function checkColumns(path: string, columns: readonly string[]): Promise<DatasetFinding[]> {
  const expected = new Set(columns);
  const findings: DatasetFinding[] = [];
  for await (const row of readRows(path)) {
    const present = Object.keys(row.columns);
    const missing = columns.filter((name) => !Object.hasOwn(row.columns, name)).map((name) => `missing ${name}`);
    const extra = present.filter((name) => !expected.has(name)).map((name) => `extra ${name}`);
    if (missing.length + extra.length === 0) continue;
    findings.push({ code: "columns", ids: [], message: `${row.where}: ${[...missing, ...extra].join(", ")}` });
  }
  return findings;
}
