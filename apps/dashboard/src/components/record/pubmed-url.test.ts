import { expect, it } from "vitest";
import { pubmedUrl } from "./pubmed-url.ts";

it("links PMIDs alone", () => {
  expect(pubmedUrl("pubmed", "12345")).toBe("https://pubmed.ncbi.nlm.nih.gov/12345/");
  expect(pubmedUrl("own", "12345")).toBeNull();
  for (const id of ["", "1234567890", "12a", "../x", "1\n", "javascript:alert(1)"])
    expect(pubmedUrl("pubmed", id)).toBeNull();
});
