import { describe, expect, it } from "vitest";
import { formatCell, formatDifference, hasDifference } from "./format-cell.ts";

describe("cells", () => {
  it.each([
    [0.375, "percent", "37.5 %"],
    [93, "duration", "1 min 33 s"],
    [12_345, "tokens", "12.3 k"],
    [1234, "count", "1,234"],
    [0.0123, "number", "0.0123"],
    ["few-shot-v1", "text", "few-shot-v1"],
    [null, "number", "–"],
    [undefined, "percent", "–"],
  ] as const)("of %j as %s read %s", (cell, kind, words) => {
    expect(formatCell(cell, kind)).toBe(words);
  });

  it.each([
    [0.4, 0.375, "percent", "+2.5 pp"],
    [60, 93, "duration", "−33.0 s"],
    [0.5, 0.5, "number", "0"],
    [null, 0.5, "number", "–"],
    [0.5, "a", "number", "–"],
  ] as const)("of %j, with %j at the baseline, differ as %s by %s", (cell, baseline, kind, words) => {
    expect(formatDifference(cell, baseline, kind)).toBe(words);
  });

  it("are subtracted only where a difference says something", () => {
    expect(hasDifference({ kind: "percent", group: "score" })).toBe(true);
    expect(hasDifference({ kind: "number", group: "config" })).toBe(false);
    expect(hasDifference({ kind: "time", group: "run" })).toBe(false);
  });
});
