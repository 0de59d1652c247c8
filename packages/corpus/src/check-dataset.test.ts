import { type CorpusRecord, type Problem, problemId, recordId } from "@litmus/core";
import fc from "fast-check";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkColumns } from "./check-columns.ts";
import { checkDataset } from "./check-dataset.ts";
import { hashProblems, hashRecords } from "./data-hash.ts";
import type { DatasetExpectations } from "./dataset-finding.ts";
import { nearDuplicates } from "./near-duplicates.ts";
import { containsWholeWords, words } from "./whole-words.ts";

const record = (id: string, text: string): CorpusRecord => ({
  id: recordId(id),
  title: `About ${id}`,
  text,
  year: null,
});
const problem = (id: string, fields: Partial<Problem> = {}): Problem => ({
  id: problemId(id),
  question: `Which protein does the syndrome of ${id} lack?`,
  goldenAnswers: ["IL-6", "interleukin 6"],
  goldRecordIds: [recordId("m1")],
  category: "1",
  isParaphrased: false,
  ...fields,
});
const records = [record("m1", "They lack il-6, a cytokine."), record("m2", "They lack HLA-A.")];
const codes = (splits: Record<string, Problem[]>, expectations: DatasetExpectations = {}): string[] =>
  checkDataset({ records, splits, expectations }).map(({ code }) => code);

describe("checkDataset", () => {
  it("finds nothing in a sound data set", () => {
    const expectations: DatasetExpectations = {
      minRecords: 2,
      minProblems: 2,
      textWords: { min: 3, max: 5 },
      idsOutsidePubmed: true,
      maxAnswerCharacters: 80,
      duplicateSimilarity: 0.8,
      paraphrasedShare: { min: 0.4, max: 0.6 },
      categories: ["1", "2"],
    };
    const other = problem("b", {
      question: "What is missing?",
      goldenAnswers: ["HLA-A"],
      goldRecordIds: [recordId("m2")],
      category: "2",
      isParaphrased: true,
    });
    expect(checkDataset({ records, splits: { train: [problem("a")], test: [other] }, expectations })).toEqual([]);
  });

  it.each<[string, Partial<Problem>]>([
    ["answer-not-in-gold-record", { goldenAnswers: ["IL-17"] }],
    ["answer-not-in-gold-record", { goldenAnswers: ["cytokin"] }],
    ["answer-in-question", { goldenAnswers: ["IL-6", "Syndrome"] }],
    ["synonym-is-answer", { goldenAnswers: ["IL-6", "il-6 "] }],
    ["synonym-twice", { goldenAnswers: ["IL-6", "b", "B"] }],
    ["answer-empty", { goldenAnswers: ["IL-6", " "] }],
    ["answer-too-long", { goldenAnswers: ["IL-6", "x".repeat(81)] }],
    ["gold-record-unknown", { goldRecordIds: [recordId("m1"), recordId("m9")] }],
    ["no-gold-record", { goldRecordIds: [] }],
  ])("reports %s for one problem", (code, fields) => {
    expect(codes({ train: [problem("a", fields)] }, { maxAnswerCharacters: 80 })).toEqual([code]);
  });

  it.each<[string, DatasetExpectations]>([
    ["too-few-records", { minRecords: 3 }],
    ["too-few-problems", { minProblems: 2 }],
    ["text-length", { textWords: { min: 4, max: 9 } }],
    ["paraphrased-share", { paraphrasedShare: { min: 0.1, max: 0.9 } }],
    ["category-missing", { categories: ["1", "2"] }],
    ["category-unknown", { categories: [] }],
  ])("reports %s for the whole", (code, expectations) => {
    expect(codes({ train: [problem("a")] }, expectations)).toEqual([code]);
  });

  it("reports leaks between parts, and none within one", () => {
    const [a, b] = [problem("a"), problem("b")];
    const expectations = { duplicateSimilarity: 0.7 };
    expect(codes({ train: [a, b] }, expectations)).toEqual([]);
    expect(codes({ train: [a], test: [b] }, expectations)).toEqual([
      "record-in-two-splits",
      "near-duplicate-questions",
    ]);
    expect(codes({ train: [a], test: [a] })).toEqual(["problem-twice", "record-in-two-splits"]);
  });

  it("reports repeated and numeric record ids", () => {
    const splits = { train: [problem("a")] };
    const found = checkDataset({
      records: [...records, record("12345", "x"), record("m1", "y")],
      splits,
      expectations: { idsOutsidePubmed: true },
    });
    expect(found.map(({ code }) => code)).toContain("record-twice");
    expect(found).toContainEqual(expect.objectContaining({ code: "numeric-record-id", ids: ["12345"] }));
  });
});

describe("containsWholeWords", () => {
  it.each([
    ["lack of IL-6.", "il-6", true],
    ["lack of IL-6.", "L-6", false],
    ["lack of IL-66", "IL-6", false],
    ["Guillain-Barre\u0301 syndrome", "guillain-barré", true],
    ["naïve", "na", false],
    ["(p < 0.05) [18F]FDG", "[18F]FDG", true],
    ["two\n  words", "two words", true],
    ["a", "", false],
  ])("%s holds %s: %s", (text, phrase, expected) => {
    expect(containsWholeWords(text, phrase)).toBe(expected);
  });
});

describe("nearDuplicates", () => {
  it("finds exactly the pairs that comparing all with all finds", () => {
    const word = fc.constantFrom("a", "b", "c", "d", "e", "f", "g");
    const texts = fc.array(
      fc.array(word, { maxLength: 8 }).map((list) => list.join(" ")),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(texts, fc.constantFrom(0.3, 0.5, 0.8, 1), (list, threshold) => {
        const expected: [number, number][] = [];
        for (const [second, right] of list.entries()) {
          for (const [first, left] of list.slice(0, second).entries()) {
            const [a, b] = [new Set(words(left)), new Set(words(right))];
            const shared = [...a].filter((each) => b.has(each)).length;
            if (shared > 0 && shared / (a.size + b.size - shared) >= threshold) expected.push([first, second]);
          }
        }
        const found = nearDuplicates(list, threshold).map(({ first, second }) => [first, second]);
        expect(found).toEqual(expected.toSorted((x, y) => x[0] - y[0] || x[1] - y[1]));
      }),
      { numRuns: 300 },
    );
  });
});

describe("checkColumns", () => {
  it("names each row with a missing or an extra column", async () => {
    const folder = await mkdtemp(join(tmpdir(), "litmus-corpus-"));
    const path = join(folder, "rows.jsonl");
    await writeFile(path, '{"a": 1, "b": 2}\n{"a": 1, "c": 2}\n');
    expect((await checkColumns(path, ["b", "a"])).map(({ message }) => message)).toEqual([
      `${path}:2: missing b, extra c`,
    ]);
    await rm(folder, { recursive: true });
  });
});

describe("data hashes", () => {
  it("change with every field and with the order, and with nothing else", async () => {
    const [a, b] = [problem("a"), problem("b")];
    const base = hashProblems([a, b]);
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    expect(hashProblems([{ ...a }, Object.fromEntries(Object.entries(b).toReversed()) as unknown as Problem])).toBe(
      base,
    );
    const others = [[b, a], [a], [a, { ...b, category: "2" }], [a, { ...b, goldenAnswers: ["IL-6"] }]];
    expect(new Set([base, ...others.map(hashProblems)]).size).toBe(5);
    const ofRecords = await hashRecords(records);
    expect(
      await hashRecords(
        (async function* () {
          yield* records;
        })(),
      ),
    ).toBe(ofRecords);
    expect(await hashRecords(records.map((each) => ({ ...each, year: 2000 })))).not.toBe(ofRecords);
  });
});
