import { describe, expect, it } from "vitest";
import { createEnglishAnalyzer } from "../analysis/english-analyzer.ts";
import { cutQuery } from "./cut-query.ts";
import { scoreFactor } from "./search-server.ts";

describe("the server's factor", () => {
  it.each([
    ["elasticsearch", "8.19.0", 1.9],
    ["elasticsearch", "9.5.3", 1.9],
    ["opensearch", "2.19.1", 1.9],
    ["opensearch", "3.1.0", 1],
  ] as const)("of %s %s", (flavor, version, expected) => {
    expect(scoreFactor({ flavor, version }, 0.9)).toBeCloseTo(expected, 12);
  });
});

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
