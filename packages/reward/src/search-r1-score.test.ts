import { describe, expect, it } from "vitest";
import { searchR1Score } from "./index.ts";

const promptPair = "For example, <answer> Beijing </answer>.";
const score = (prediction: string, golden: string): number =>
  searchR1Score(`${promptPair} <answer>${prediction}</answer>`, [golden]);

describe("searchR1Score", () => {
  /** The released training scorer, row by row: right and wrong alike. */
  it.each([
    ["IL-6", "IL6", 1],
    ["IL-6", "IL 6", 0],
    ["beta-catenin", "beta catenin", 0],
    ["5′ UTR", "5'-UTR", 0],
    ["TNF–alpha", "TNF-alpha", 0],
    ["HLA-A", "HLA", 0],
    ["hepatitis A", "hepatitis", 1],
    ["vitamin A", "vitamin", 1],
    ["protein A", "protein", 1],
    ["2.5 mg", "25 mg", 1],
    ["-5", "5", 1],
    ["β-catenin", "beta-catenin", 0],
    ["Sjögren", "Sjogren", 0],
  ])("%s against %s is %d", (prediction, golden, expected) => expect(score(prediction, golden)).toBe(expected));

  it("needs two answer blocks, and reads the last of the whole text", () => {
    expect(searchR1Score("<answer>TP53</answer>", ["TP53"])).toBe(0);
    expect(searchR1Score("no tags", ["TP53"])).toBe(0);
    expect(
      searchR1Score(`${promptPair}<answer>TP53</answer><information><answer>BRCA1</answer></information>`, ["BRCA1"]),
    ).toBe(1);
    expect(searchR1Score(`${promptPair}<answer>\n the\tTP53 \n</answer>`, ["tp53"])).toBe(1);
  });
  it("takes the word and from the correction sentence's pair", () => {
    expect(searchR1Score(`${promptPair} put it between <answer> and </answer>`, ["and"])).toBe(1);
  });
  it("sees whole words as Python does: an accented letter is one", () => {
    expect(score("a é", "é")).toBe(1);
    expect(score("éa", "é")).toBe(0);
    expect(score("a_b", "ab")).toBe(1);
  });
});
