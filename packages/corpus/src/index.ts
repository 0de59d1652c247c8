export { checkColumns } from "./check-columns.ts";
export { type CheckedDataset, checkDataset } from "./check-dataset.ts";
export { hashProblems, hashRecords } from "./data-hash.ts";
export type { DatasetExpectations, DatasetFinding } from "./dataset-finding.ts";
export {
  bioasqFields,
  paperSearchQaFields,
  type ProblemFields,
  problemFieldsSchema,
  pubmedRecordFields,
  type RecordFields,
  recordFieldsSchema,
} from "./field-maps.ts";
export { readProblems, type ReadProblemsOptions, splitByColumn } from "./read-problems.ts";
export { readRecords, type ReadRecordsOptions } from "./read-records.ts";
export type { RowFilter } from "./read-rows.ts";
export { type Split, splitByConnectedComponents, type SplitOptions } from "./split-by-connected-components.ts";
