/** @file What a question set must satisfy before anything is trained or measured on it. */
import type { CorpusRecord, Problem } from "@litmus/core";
import { checkLeaks } from "./check-leaks.ts";
import { checkProblems } from "./check-problems.ts";
import { checkRecords } from "./check-records.ts";
import type { DatasetExpectations, DatasetFinding } from "./dataset-finding.ts";

export interface CheckedDataset {
  readonly records: readonly CorpusRecord[];
  /** Problems by the name of their part. */
  readonly splits: Readonly<Record<string, readonly Problem[]>>;
  readonly expectations?: DatasetExpectations;
}

/**
 * Everything that is wrong with a data set; an empty list when nothing is. Always checked: gold records exist and
 * state the answer as whole words, no accepted answer occurs in its question, synonyms are neither repeated nor the
 * answer again, and no problem or gold record is in two parts. The expectations add the rest.
 */
export function checkDataset(dataset: CheckedDataset): DatasetFinding[] {
  const { records, splits, expectations = {} } = dataset;
  const problems = Object.values(splits).flat();
  return [
    ...checkRecords(records, expectations),
    ...checkProblems(problems, records, expectations),
    ...checkLeaks(splits, expectations),
  ];
}
