import { type Row, invalidRow, wellFormed } from "./read-rows.ts";

const pubmedAddress = /^https?:\/\/(?:www\.ncbi\.nlm\.nih\.gov\/pubmed|pubmed\.ncbi\.nlm\.nih\.gov)\/([0-9]+)\/?$/;

/**
 * An id as text: a string without white space around or inside, or a whole number; of a PubMed address, the PMID.
 * @throws LitmusError `invalid-data`
 */
export function readId(row: Row, column: string, value: unknown): string {
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== "string" || value === "" || /\s/u.test(value)) {
    throw invalidRow(row, `column "${column}" is no id`, "Give a text without white space, or a whole number.");
  }
  return pubmedAddress.exec(value)?.[1] ?? wellFormed(row, column, value);
}
