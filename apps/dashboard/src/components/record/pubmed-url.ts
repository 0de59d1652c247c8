/** Where a record stands at PubMed; null of an own-written record, and of an id that is no PMID. */
export function pubmedUrl(idSpace: "pubmed" | "own", recordId: string): string | null {
  return idSpace === "pubmed" && /^\d{1,9}$/.test(recordId) ? `https://pubmed.ncbi.nlm.nih.gov/${recordId}/` : null;
}
