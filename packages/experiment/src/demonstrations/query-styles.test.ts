import { recordId, type CorpusRecord } from "@litmus/core";
import { buildProblem } from "@litmus/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { queryStyles } from "./query-styles.ts";

const gold = (title: string): CorpusRecord => ({ id: recordId("R1"), title, text: "", year: null });
const piecesOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

describe("queryStyles", () => {
  const problem = buildProblem({
    question: "Which gene is mutated in the disease that Marfan described?",
    goldenAnswers: ["FBN1", "fibrillin-1"],
  });

  it("asks the bare question first, then in other words, each once", () => {
    const styles = queryStyles(problem, gold("Marfan syndrome: dolichostenomelia and aortic aneurysm"), 1);
    expect(styles[0]).toBe("Which gene is mutated in the disease that Marfan described");
    expect(styles[1]).toBe("gene mutated disease Marfan described");
    expect(styles).toContain("Marfan syndrome dolichostenomelia aortic aneurysm");
    expect(new Set(styles).size).toBe(styles.length);
    expect(styles.length).toBeGreaterThan(3);
  });

  it("is the same for the same seed, and does not need a record", () => {
    const at = (seed: number) => queryStyles(problem, null, seed);
    expect(at(1)).toEqual(at(1));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => at(seed).join("|"))).size).toBeGreaterThan(1);
  });

  it("takes from a title no part of an answer, however it is joined there", () => {
    const styles = queryStyles(problem, gold("Fibrillin and FBN1-related Marfan syndrome (fibrillin-1): review"), 3);
    expect(styles.join(" ")).toContain("syndrome");
    expect(piecesOf(styles.join(" "))).not.toContain("fbn1");
    expect(piecesOf(styles.join(" "))).not.toContain("fibrillin");
  });

  it("never holds a piece of a golden answer that the question does not hold", () => {
    const word = fc.constantFrom(
      "marfan",
      "FBN1",
      "Beta",
      "beta-catenin",
      "gene",
      "of",
      "(type",
      "2)",
      "IL-2,",
      "vitamin",
      "C",
      "receptor/ligand",
      "β",
    );
    const text = (minLength: number) => fc.array(word, { minLength, maxLength: 8 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(
        text(3),
        fc.array(text(1), { minLength: 1, maxLength: 3 }),
        text(0),
        fc.nat(),
        (question, goldenAnswers, title, seed) => {
          const spoken = new Set(piecesOf(question));
          const secret = goldenAnswers.flatMap(piecesOf).filter((piece) => !spoken.has(piece));
          for (const style of queryStyles(buildProblem({ question, goldenAnswers }), gold(title), seed)) {
            const leaked = piecesOf(style).filter((piece) => secret.includes(piece));
            expect(leaked).toEqual([]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
