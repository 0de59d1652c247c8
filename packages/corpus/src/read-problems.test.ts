import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bioasqFields, problemFieldsSchema, recordFieldsSchema } from "./field-maps.ts";
import { readProblems, splitByColumn } from "./read-problems.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-corpus-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, rows: readonly object[]): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  return path;
};

const published = {
  question: " Which gene is mutated in sickle cell disease? ",
  answer: "HBB",
  golden_answers: ["beta-globin", "HBB", "hemoglobin subunit beta"],
  cat_num: "1",
  cat: "Genetic mutations",
  pmid: "101",
  paper_title: "A title",
  question_original: "Which gene is mutated in sickle cell disease?",
  is_paraphrased: false,
};

describe("readProblems", () => {
  it("reads the columns of PaperSearchQA, the answer to teach first", async () => {
    const path = await write("psqa.jsonl", [published, { ...published, pmid: "102", is_paraphrased: true }]);
    const problems = await readProblems({ path, idPrefix: "psqa:" });
    expect(problems[0]).toEqual({
      id: expect.stringMatching(/^psqa:[0-9a-f]{16}$/),
      question: "Which gene is mutated in sickle cell disease?",
      goldenAnswers: ["HBB", "beta-globin", "hemoglobin subunit beta"],
      goldRecordIds: ["101"],
      category: "1",
      isParaphrased: false,
    });
    expect(problems[1]?.isParaphrased).toBe(true);
  });

  it("derives ids that depend on question and record, never on the place in the file", async () => {
    const other = { ...published, pmid: "102" };
    const forward = await readProblems({ path: await write("f.jsonl", [published, other]), idPrefix: "" });
    const backward = await readProblems({ path: await write("b.jsonl", [other, published]), idPrefix: "" });
    expect(forward.map(({ id }) => id)).toEqual(backward.map(({ id }) => id).toReversed());
    expect(forward[0]?.id).not.toBe(forward[1]?.id);
  });

  it("reads ids, several gold records, PubMed addresses and a single answer", async () => {
    const gold = ["11", 12, "http://www.ncbi.nlm.nih.gov/pubmed/13", "https://pubmed.ncbi.nlm.nih.gov/14/", "11"];
    const path = await write("bioasq.jsonl", [{ id: "q1", question: "Q?", answers: "XIa", gold_pmids: gold }]);
    const [problem] = await readProblems({ path, fields: bioasqFields, idPrefix: "bioasq:" });
    expect(problem).toMatchObject({ id: "bioasq:q1", goldenAnswers: ["XIa"], category: null, isParaphrased: null });
    expect(problem?.goldRecordIds).toEqual(["11", "12", "13", "14"]);
  });

  it.each([
    "['XIa', 'factor XIa']",
    '["XIa", "factor XIa"]',
    "['XIa' 'factor XIa']",
    "array(['XIa'], dtype=object)",
    "('XIa',)",
    "[]",
    "[\"it's\"\n 'XIa']",
  ])("refuses a list of answers written as its text: %s", async (answers) => {
    const asColumn = await write("text.jsonl", [{ ...published, golden_answers: answers }]);
    await expect(readProblems({ path: asColumn, idPrefix: "" })).rejects.toMatchObject({
      code: "invalid-data",
      path: `${asColumn}:1`,
      message: expect.stringContaining("written as text"),
    });
    const asMember = await write("member.jsonl", [{ ...published, golden_answers: [answers] }]);
    await expect(readProblems({ path: asMember, idPrefix: "" })).rejects.toThrow(/written as text/);
  });

  it.each(["[18F]FDG", "(R)-warfarin", "3' UTR", "[Ca2+]", "array CGH", "5'-[32P]"])(
    "keeps the true answer %s",
    async (answer) => {
      const path = await write("true.jsonl", [{ ...published, answer, golden_answers: [answer] }]);
      expect((await readProblems({ path, idPrefix: "" }))[0]?.goldenAnswers).toEqual([answer]);
    },
  );

  const bad: readonly [name: string, change: object, message: RegExp][] = [
    ["no answer", { golden_answers: [], answer: " " }, /empty answer/],
    ["an empty synonym", { golden_answers: ["HBB", ""] }, /empty answer/],
    ["an answer that is no text", { golden_answers: [17] }, /not text/],
    ["an empty question", { question: "  " }, /is empty/],
    ["a flag that is no flag", { is_paraphrased: "false" }, /not true, false or null/],
    ["a missing gold record", { pmid: null }, /no id/],
    ["a category that is no text", { cat_num: {} }, /not text/],
  ];
  it.each(bad)("refuses %s", async (_name, change, message) => {
    const path = await write("bad.jsonl", [published, { ...published, pmid: "9", ...change }]);
    await expect(readProblems({ path, idPrefix: "" })).rejects.toMatchObject({
      code: "invalid-data",
      path: `${path}:2`,
      message: expect.stringMatching(message),
    });
  });

  it("refuses an empty list of answers and repeated problems", async () => {
    const none = await write("none.jsonl", [{ id: "a", question: "Q?", answers: [], gold_pmids: [] }]);
    await expect(readProblems({ path: none, fields: bioasqFields, idPrefix: "" })).rejects.toThrow(/is empty/);
    const twice = await write("twice.jsonl", [published, published]);
    await expect(readProblems({ path: twice, idPrefix: "" })).rejects.toThrow(/occurs twice \(first at .*:1\)/);
  });
});

describe("splitByColumn", () => {
  it("groups by a column and keeps the order", async () => {
    const rows = ["train", "test", "train"].map((split, index) => ({ ...published, pmid: `${index + 1}`, split }));
    const parts = await splitByColumn({ path: await write("split.jsonl", rows), idPrefix: "", column: "split" });
    expect([...parts].map(([name, problems]) => [name, problems.map((problem) => problem.goldRecordIds[0])])).toEqual([
      ["train", ["1", "3"]],
      ["test", ["2"]],
    ]);
    const options = { path: await write("plain.jsonl", [published]), idPrefix: "", column: "split" };
    await expect(splitByColumn(options)).rejects.toThrow(/no column "split"/);
  });
});

describe("field maps", () => {
  it("are strict: a misspelt key is refused", () => {
    expect(problemFieldsSchema.safeParse({ ...bioasqFields, answers: "x" }).success).toBe(false);
    expect(recordFieldsSchema.safeParse({ id: "id", txt: "t" }).success).toBe(false);
    expect(problemFieldsSchema.parse(bioasqFields)).toEqual(bioasqFields);
  });
});
