import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasWords, splitByWords } from "./split-by-words.ts";

describe("dividing a text at words", () => {
  it("finds them in any case, and as they are written", () => {
    expect(splitByWords("IL-6 and il-6 (a+b)", "il-6")).toEqual([
      { text: "IL-6", isFound: true },
      { text: " and ", isFound: false },
      { text: "il-6", isFound: true },
      { text: " (a+b)", isFound: false },
    ]);
    expect(hasWords("(a+b)", "a+b")).toBe(true);
    expect(hasWords("aab", "a+b")).toBe(false);
    expect(hasWords("anything", "")).toBe(false);
  });

  it("loses nothing of any text, whatever is looked for", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, words) => {
        expect(
          splitByWords(text, words)
            .map((piece) => piece.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });

  it("finds every part of a text in it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.nat(), (text, a, b) => {
        const [from, to] = [a % text.length, b % text.length].sort((x, y) => x - y) as [number, number];
        expect(hasWords(text, text.slice(from, to + 1))).toBe(true);
      }),
    );
  });
});
