import type { CorpusRecord } from "@litmus/core";
import type { DatasetExpectations, DatasetFinding } from "./dataset-finding.ts";

/** Findings about the records alone. */
export function checkRecords(records: readonly CorpusRecord[], expectations: DatasetExpectations): DatasetFinding[] {
  const findings: DatasetFinding[] = [];
  const { minRecords, textWords, idsOutsidePubmed } = expectations;
  if (minRecords !== undefined && records.length < minRecords) {
    findings.push({ code: "too-few-records", ids: [], message: `${records.length} records, ${minRecords} expected` });
  }
  const seen = new Set<string>();
  for (const record of records) {
    const report = (code: string, message: string): void => void findings.push({ code, ids: [record.id], message });
    if (seen.has(record.id)) report("record-twice", `the record id ${record.id} occurs twice`);
    seen.add(record.id);
    if (idsOutsidePubmed === true && /^[0-9]+$/.test(record.id)) {
      report("numeric-record-id", `the record id ${record.id} could be taken for a PMID`);
    }
    const length = record.text.split(/\s+/u).filter((word) => word !== "").length;
    if (textWords !== undefined && (length < textWords.min || length > textWords.max)) {
      report("text-length", `record ${record.id} has ${length} words, not ${textWords.min}–${textWords.max}`);
    }
  }
  return findings;
}
