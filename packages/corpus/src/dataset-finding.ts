/** One thing wrong with a data set. */
export interface DatasetFinding {
  /** Kebab-case, stable: `answer-not-in-gold-record`. */
  readonly code: string;
  /** Problem or record ids concerned; empty for a finding about the whole. */
  readonly ids: readonly string[];
  readonly message: string;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Limits of one data set. What is left out is not checked. */
export interface DatasetExpectations {
  readonly minRecords?: number;
  readonly minProblems?: number;
  /** Length of a record's text in words separated by white space. */
  readonly textWords?: Range;
  /** Self-written records must have ids that no reader takes for a PMID. */
  readonly idsOutsidePubmed?: boolean;
  /** Longest accepted answer, in characters. */
  readonly maxAnswerCharacters?: number;
  /** Jaccard similarity of the words of two questions in different parts from which they count as duplicates, in (0, 1]. */
  readonly duplicateSimilarity?: number;
  /** Share of problems whose question was paraphrased, in [0, 1]. */
  readonly paraphrasedShare?: Range;
  /** Categories that must all occur, and no other. */
  readonly categories?: readonly string[];
}
