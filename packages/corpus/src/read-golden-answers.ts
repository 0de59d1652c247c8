import type { ProblemFields } from "./field-maps.ts";
import { type Row, invalidRow, requireColumn, requireText, wellFormed } from "./read-rows.ts";

/** `['a', 'b']`, `["a" "b"]`, `array(['a'], dtype=object)`, `[]`: a list that some exporter printed as text. */
const printedList = /^(?:array\s*\(\s*)?[[(]\s*(?:['"].*['"]\s*,?\s*)?[\])](?:\s*,\s*dtype=\w+)?\s*\)?$/su;

/**
 * Accepted answers, never empty; with an answer column, that answer is the first.
 * @throws LitmusError `invalid-data`, also when a list was written as its text: no policy could ever match it
 */
export function readGoldenAnswers(row: Row, fields: ProblemFields): string[] {
  const column = fields.goldenAnswers;
  const value = requireColumn(row, column);
  const answers = (Array.isArray(value) ? (value as unknown[]) : [value]).map((each) => readAnswer(row, column, each));
  const first =
    fields.answer === undefined ? undefined : readAnswer(row, fields.answer, requireText(row, fields.answer));
  const all = first === undefined ? answers : [first, ...answers.filter((answer) => answer !== first)];
  if (all.length === 0) throw invalidRow(row, `column "${column}" is empty`, "Every problem needs an accepted answer.");
  return all;
}

function readAnswer(row: Row, column: string, value: unknown): string {
  if (typeof value !== "string") {
    throw invalidRow(row, `column "${column}" holds an answer that is not text`, "Give a string or a list of strings.");
  }
  const answer = wellFormed(row, column, value).trim();
  if (answer === "") throw invalidRow(row, `column "${column}" holds an empty answer`, "Remove the empty answer.");
  if (printedList.test(answer)) {
    const hint = 'Export the column as a JSON array, ["a", "b"], not as its text.';
    throw invalidRow(row, `column "${column}" is a list written as text: ${answer.slice(0, 60)}`, hint);
  }
  return answer;
}
