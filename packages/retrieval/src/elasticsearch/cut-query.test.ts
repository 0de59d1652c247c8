import { describe, expect, it } from "vitest";
import { createEnglishAnalyzer } from "../analysis/english-analyzer.ts";
import { cutQuery } from "./cut-query.ts";

describe("a long query", () => {
  const analyze = createEnglishAnalyzer();

  it("keeps its first terms, whole, and stop words do not count", () => {
    expect(cutQuery("the liver of a copper mine in gout", 3, analyze)).toBe("the liver of a copper mine in ");
    expect(cutQuery("liver copper", 3, analyze)).toBe("liver copper");
  });

  it("is cut also where it has no white space", () => {
    expect(analyze(cutQuery("肺".repeat(3_000), 1_024, analyze)).length).toBe(1_020);
    expect(cutQuery("a\ud83d", 9, analyze)).toBe("a\ufffd");
  });
});
