import { sha256 } from "@litmus/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLuceneGolden } from "../golden-fixture.ts";
import { createEnglishAnalyzer } from "./english-analyzer.ts";
import { lowerCaseByCodePoint } from "./lower-case.ts";
import { porterStem } from "./porter-stem.ts";
import { maxTokenLength, tokenizeStandard } from "./standard-tokenizer.ts";
import { wordBreakClasses } from "./word-break-classes.ts";

const golden = readLuceneGolden();

describe("against Lucene", () => {
  it("has the class of every code point", () => {
    expect(sha256(wordBreakClasses())).toBe(golden.classesSha256);
  });

  it("cuts random strings over all classes alike", () => {
    const different = golden.wordBreaks
      .map(([text, tokens]) => ({ text, tokens, ours: tokenizeStandard(text) }))
      .filter(({ tokens, ours }) => JSON.stringify(tokens) !== JSON.stringify(ours));
    expect(golden.wordBreaks.length).toBeGreaterThan(900);
    expect(different).toEqual([]);
  });

  it("lower-cases every code point alike", () => {
    const pairs = golden.lowerCase.split(" ").map((pair) => pair.split(":").map((hex) => Number.parseInt(hex, 16)));
    const different = pairs.filter(
      ([from, to]) => lowerCaseByCodePoint(String.fromCodePoint(from as number)) !== String.fromCodePoint(to as number),
    );
    expect(pairs.length).toBeGreaterThan(1_300);
    expect(different).toEqual([]);
  });

  it("stems alike", () => {
    const pairs = golden.stems.split(" ").map((pair) => pair.split(":") as [string, string]);
    // Stop words have no stem in the fixture.
    const different = pairs.filter(([word, stem]) => stem !== "" && porterStem(word) !== stem);
    expect(pairs.length).toBeGreaterThan(4_000);
    expect(different).toEqual([]);
  });

  it("analyses the fixture's texts alike", () => {
    const analyze = createEnglishAnalyzer();
    for (const { id, title, text, tokens } of golden.documents) {
      expect({ id, tokens: analyze(`${title}\n${text}`) }).toEqual({ id, tokens });
    }
  });
});

describe("createEnglishAnalyzer", () => {
  const analyze = createEnglishAnalyzer();

  it.each<[string, string[]]>([
    ["IL-6", ["il", "6"]],
    ["0.05 and 1,234", ["0.05", "1,234"]],
    ["5-HT2A", ["5", "ht2a"]],
    ["5'-UTR", ["5", "utr"]],
    ["Guillain-Barré", ["guillain", "barré"]],
    ["the U.S.A.", ["u.s.a"]],
    ["ΟΔΟΣ", ["οδοσ"]],
    ["İstanbul", ["istanbul"]],
    ["Crohn’s patients' mutations", ["crohn", "patient", "mutat"]],
    ["The and of", []],
    ["", []],
  ])("%s", (text, terms) => {
    expect(analyze(text)).toEqual(terms);
  });

  it("gives each token back from the text, in order, none too long", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 8 }),
      fc.string({ unit: "binary", maxLength: 6 }),
      fc.constantFrom("\u200d", "\ufe0f", "_", "'", ".", "👩", "🏽", "ไ", "a".repeat(250), "\ud83d"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("");
        let at = 0;
        for (const token of tokenizeStandard(text)) {
          const found = text.indexOf(token, at);
          expect(found).toBeGreaterThanOrEqual(at);
          expect(token.length).toBeLessThanOrEqual(maxTokenLength);
          at = found + token.length;
        }
        expect(analyze(text)).toEqual(createEnglishAnalyzer()(text));
      }),
      { numRuns: 500 },
    );
  });

  it("is linear: a long run of connectors does not stall it", () => {
    const start = performance.now();
    expect(tokenizeStandard("_".repeat(200_000))).toEqual([]);
    expect(tokenizeStandard("#".repeat(200_000))).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
