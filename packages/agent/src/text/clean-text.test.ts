import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanField, cleanText, maxFieldLength } from "./clean-text.ts";

describe("cleanText", () => {
  it.each([
    ["a\u0000b\u0007c", "abc"],
    [" two\r\n lines\t\u2028x ", "two lines x"],
    ["e\u0301", "é"],
    ["\u202Eabc\u202C \u200Bx\uFEFF", "abc x"],
    ["a\uD800b", "a\uFFFDb"],
    ["𝛃-cells 日本", "𝛃-cells 日本"],
  ])("%j becomes %j", (text, expected) => expect(cleanText(text)).toBe(expected));

  it("gives one line without controls, in NFC, from anything, and the same again from its own result", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const clean = cleanText(text);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(clean).toBe(clean.normalize("NFC").trim());
        expect(cleanText(clean)).toBe(clean);
      }),
      { numRuns: 1_000 },
    );
  });

  it("takes no more of a field than its cap, and says so", () => {
    expect(cleanField("x".repeat(maxFieldLength))).toEqual({ text: "x".repeat(maxFieldLength), cut: false });
    expect(cleanField("x".repeat(10_000_000))).toEqual({ text: "x".repeat(maxFieldLength), cut: true });
    expect(cleanField(`${"x".repeat(maxFieldLength - 1)}😀`)).toEqual({
      text: `${"x".repeat(maxFieldLength - 1)}\uFFFD`,
      cut: true,
    });
  });
});
