import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignTurns } from "./align-turns.ts";
import { setDifference } from "./set-difference.ts";
import { wordDifference } from "./word-difference.ts";

const ids = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"));

describe("the difference of two sets", () => {
  it("puts every id where it belongs", () => {
    expect(setDifference(["a", "b", "b"], ["c", "b"])).toEqual({ removed: ["a"], added: ["c"], both: ["b"] });
    fc.assert(
      fc.property(ids, ids, (first, second) => {
        const { removed, added, both } = setDifference(first, second);
        expect(new Set([...removed, ...both])).toEqual(new Set(first));
        expect(new Set([...added, ...both])).toEqual(new Set(second));
        expect(removed.length + added.length + both.length).toBe(new Set([...first, ...second]).size);
      }),
    );
  });
});

describe("turns side by side", () => {
  it("stand at their place, the longer episode going on alone", () => {
    expect(alignTurns(["a"], ["b", "c"])).toEqual([
      { index: 0, first: "a", second: "b" },
      { index: 1, first: null, second: "c" },
    ]);
    expect(alignTurns([], [])).toEqual([]);
  });
});

describe("the difference of two queries", () => {
  it("names the words that came and went", () => {
    expect(wordDifference("IL-6 in septic shock", "IL-6 blockade in shock")).toEqual([
      { type: "both", words: ["IL-6"] },
      { type: "added", words: ["blockade"] },
      { type: "both", words: ["in"] },
      { type: "removed", words: ["septic"] },
      { type: "both", words: ["shock"] },
    ]);
  });

  const words = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });

  it("leads from the first to the second, and keeps no fewer words than any other way", () => {
    fc.assert(
      fc.property(words, words, (first, second) => {
        const runs = wordDifference(first.join(" "), second.join(" "));
        const without = (type: string): string[] => runs.filter((run) => run.type !== type).flatMap((run) => run.words);
        expect(without("added")).toEqual(first);
        expect(without("removed")).toEqual(second);
        const kept = runs.filter(({ type }) => type === "both").flatMap((run) => run.words).length;
        expect(kept).toBe(longestCommon(first, second));
      }),
    );
  });

  it("is taken as a whole of very long texts", () => {
    const long = Array.from({ length: 500 }, (_, i) => `w${i}`).join(" ");
    expect(wordDifference(long, long).map(({ type }) => type)).toEqual(["both"]);
    expect(wordDifference(long, "w1").map(({ type }) => type)).toEqual(["removed", "added"]);
  });
});

/** By trying every way. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const [x, ...restA] = a;
  const [y, ...restB] = b;
  if (x === undefined || y === undefined) return 0;
  if (x === y) return 1 + longestCommon(restA, restB);
  return Math.max(longestCommon(restA, b), longestCommon(a, restB));
}
