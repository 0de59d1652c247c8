import type { ProblemId, RecordId } from "./identity.ts";

/** A question with its golden answers. The agent sees `question` alone. */
export interface Problem {
  readonly id: ProblemId;
  readonly question: string;
  /** Accepted answers; the first is the one to teach. Never empty. */
  readonly goldenAnswers: readonly string[];
  /** Records that support the answer: for retrieval metrics only, never shown. */
  readonly goldRecordIds: readonly RecordId[];
  readonly category: string | null;
  readonly isParaphrased: boolean | null;
}

/** One record of the corpus. */
export interface CorpusRecord {
  readonly id: RecordId;
  readonly title: string;
  readonly text: string;
  readonly year: number | null;
}
