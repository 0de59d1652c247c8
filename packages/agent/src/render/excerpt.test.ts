import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinSentences, rankSentences } from "./excerpt.ts";

const text =
  "Cystic fibrosis is common. It affects the lungs. The CFTR gene is mutated in 90 % of patients. Treatment is lifelong.";
const indices = (query: string, of = text): number[] => rankSentences(of, query).map(({ index }) => index);

describe("rankSentences", () => {
  it("puts first what holds most of the query, rare terms above common ones", () => {
    expect(indices("Which gene is mutated?")).toEqual([2, 0, 1, 3]);
    expect(indices("treatments of the lung")).toEqual([1, 3, 0, 2]);
    // "a" in three sentences of four weighs ln(1 + 4/3) = 0.85, "rare" in one ln 5 = 1.61.
    expect(indices("alpha rare", "Alpha one. Alpha two. Alpha three. Rare four.")).toEqual([3, 0, 1, 2]);
  });

  it("keeps the order of the text where nothing matches, or only words without a meaning", () => {
    expect(indices("zebrafish")).toEqual([0, 1, 2, 3]);
    expect(indices("what is the")).toEqual([0, 1, 2, 3]);
    expect(indices("")).toEqual([0, 1, 2, 3]);
  });

  it("ends no sentence within a name or a number", () => {
    expect(rankSentences("E. coli grows at 37.5 degrees (fast). IL-6 rises.", "").map(({ text: t }) => t)).toEqual([
      "E. coli grows at 37.5 degrees (fast).",
      "IL-6 rises.",
    ]);
  });
});

describe("joinSentences", () => {
  const chosen = (...which: number[]): string =>
    joinSentences(rankSentences(text, "").filter(({ index }) => which.includes(index)));

  it("marks what is left out before a sentence", () => {
    expect(chosen(0, 1)).toBe("Cystic fibrosis is common. It affects the lungs.");
    expect(chosen(1, 3)).toBe("… It affects the lungs. … Treatment is lifelong.");
  });

  it("gives the text back when nothing is left out, whatever the query", () => {
    const words = fc.array(fc.constantFrom("Gene", "a", "CFTR", "lung.", "Is", "7", "end?", "(x)"), { minLength: 1 });
    fc.assert(
      fc.property(words, words, (some, query) => {
        const line = some.join(" ");
        expect(joinSentences(rankSentences(line, query.join(" ")))).toBe(line);
      }),
    );
  });
});
