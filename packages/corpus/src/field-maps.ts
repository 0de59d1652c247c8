import { z } from "zod";

const column = z.string().min(1);

/** Which column of a JSONL file becomes which field of a record. Plain JSON, so that a config can hold it. */
export const recordFieldsSchema = z.strictObject({
  id: column,
  /** Left out: records have no title. */
  title: column.optional(),
  text: column,
  year: column.optional(),
});
export type RecordFields = z.infer<typeof recordFieldsSchema>;

/** Which column of a JSONL file becomes which field of a problem. Plain JSON, so that a config can hold it. */
export const problemFieldsSchema = z.strictObject({
  /** Left out: the id is a hash of question and gold records. */
  id: column.optional(),
  question: column,
  goldenAnswers: column,
  /** The answer to teach: becomes the first golden answer. */
  answer: column.optional(),
  goldRecordIds: column,
  category: column.optional(),
  isParaphrased: column.optional(),
});
export type ProblemFields = z.infer<typeof problemFieldsSchema>;

/** Columns of records as `pmid`, `title`, `abstract`, `year`. */
export const pubmedRecordFields: RecordFields = { id: "pmid", title: "title", text: "abstract", year: "year" };

/** Columns of PaperSearchQA (arXiv 2601.18207) exported as JSONL; it has no id column. */
export const paperSearchQaFields: ProblemFields = {
  question: "question",
  goldenAnswers: "golden_answers",
  answer: "answer",
  goldRecordIds: "pmid",
  category: "cat_num",
  isParaphrased: "is_paraphrased",
};

/** Columns of BioASQ factoid questions as `id`, `question`, `answers`, `gold_pmids`. */
export const bioasqFields: ProblemFields = {
  id: "id",
  question: "question",
  goldenAnswers: "answers",
  goldRecordIds: "gold_pmids",
};
