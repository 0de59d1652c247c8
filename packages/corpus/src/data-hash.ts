import { createHash } from "node:crypto";
import { type CorpusRecord, type Problem, type Sha256, canonicalJson } from "@litmus/core";

/** Identity of a question set: every field of every problem, and their order (a run's sampling depends on it). */
export function hashProblems(problems: readonly Problem[]): Sha256 {
  const hash = createHash("sha256").update("problems:1\n");
  for (const problem of problems) hash.update(`${canonicalJson(problem)}\n`);
  return hash.digest("hex") as Sha256;
}

/** Identity of a corpus: every field of every record, in order. Streams. */
export async function hashRecords(records: AsyncIterable<CorpusRecord> | Iterable<CorpusRecord>): Promise<Sha256> {
  const hash = createHash("sha256").update("records:1\n");
  for await (const record of records) hash.update(`${canonicalJson(record)}\n`);
  return hash.digest("hex") as Sha256;
}
