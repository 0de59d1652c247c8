import { type Problem, problemId, recordId, sha256 } from "@litmus/core";
import { type ProblemFields, paperSearchQaFields } from "./field-maps.ts";
import { readGoldenAnswers } from "./read-golden-answers.ts";
import { readId } from "./read-id.ts";
import { type Row, type RowFilter, invalidRow, readRows, requireColumn, requireText } from "./read-rows.ts";

export interface ReadProblemsOptions {
  /** JSONL, plain or gzip. */
  readonly path: string;
  /** Default: {@link paperSearchQaFields}. */
  readonly fields?: ProblemFields;
  /** Put before every id, so that ids stay unique over the data sets of a run: `bioasq:`. */
  readonly idPrefix: string;
  /** `content`, which is the default: the id column, else a hash of question and gold records. `row`: the row's number, from 1. */
  readonly ids?: "content" | "row";
  /** Only rows with these column values. */
  readonly where?: RowFilter;
}

/**
 * The problems of a file in its order; ids are unique.
 * @throws LitmusError `invalid-data` with path and line; `not-found`; `corrupt-file`
 */
export async function readProblems(options: ReadProblemsOptions): Promise<Problem[]> {
  const problems: Problem[] = [];
  for await (const { problem } of readProblemRows(options)) problems.push(problem);
  return problems;
}

/**
 * The problems of a file, grouped by the text of a column such as `split`; each group in the file's order.
 * @throws LitmusError as {@link readProblems}, and when the column is missing or no text
 */
export async function splitByColumn(
  options: ReadProblemsOptions & { readonly column: string },
): Promise<ReadonlyMap<string, readonly Problem[]>> {
  const parts = new Map<string, Problem[]>();
  for await (const { problem, row } of readProblemRows(options)) {
    const name = requireText(row, options.column);
    const part = parts.get(name);
    if (part === undefined) parts.set(name, [problem]);
    else part.push(problem);
  }
  return parts;
}

async function* readProblemRows(options: ReadProblemsOptions): AsyncGenerator<{ problem: Problem; row: Row }> {
  const { path, where } = options;
  const seen = new Map<string, string>();
  for await (const row of readRows(path, where)) {
    const problem = toProblem(row, options);
    const earlier = seen.get(problem.id);
    if (earlier !== undefined) {
      const hint = "Remove one of the lines; without an id column, question and gold records must differ.";
      throw invalidRow(row, `the problem "${problem.id}" occurs twice (first at ${earlier})`, hint);
    }
    seen.set(problem.id, row.where);
    yield { problem, row };
  }
}

function toProblem(row: Row, options: ReadProblemsOptions): Problem {
  const { fields = paperSearchQaFields, idPrefix } = options;
  const question = requireText(row, fields.question).trim();
  if (question === "") throw invalidRow(row, `column "${fields.question}" is empty`, "Every problem needs a question.");
  const goldRecordIds = readGoldIds(row, fields.goldRecordIds);
  const ownId = (): string =>
    fields.id === undefined
      ? sha256(JSON.stringify([question, goldRecordIds])).slice(0, 16)
      : readId(row, fields.id, requireColumn(row, fields.id));
  return {
    id: problemId(idPrefix + (options.ids === "row" ? String(row.number) : ownId())),
    question,
    goldenAnswers: readGoldenAnswers(row, fields),
    goldRecordIds: goldRecordIds.map(recordId),
    category: fields.category === undefined ? null : readCategory(row, fields.category),
    isParaphrased: fields.isParaphrased === undefined ? null : readFlag(row, fields.isParaphrased),
  };
}

function readGoldIds(row: Row, column: string): string[] {
  const value = requireColumn(row, column);
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return [...new Set(values.map((each) => readId(row, column, each)))];
}

function readCategory(row: Row, column: string): string | null {
  const value = requireColumn(row, column);
  if (value === null) return null;
  if (typeof value === "number" && Number.isInteger(value)) return String(value);
  return requireText(row, column);
}

function readFlag(row: Row, column: string): boolean | null {
  const value = requireColumn(row, column);
  if (value === null || typeof value === "boolean") return value;
  throw invalidRow(row, `column "${column}" is not true, false or null`, "Give a JSON boolean.");
}
