/** @file The data set is what its manifest says, and fair to train and measure on. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CorpusRecord, Problem } from "../../packages/core/src/index.ts";
import {
  type DatasetExpectations,
  checkColumns,
  checkDataset,
  paperSearchQaFields,
  readProblems,
  readRecords,
} from "../../packages/corpus/src/index.ts";
import { buildIndex, openIndex } from "../../packages/retrieval/src/index.ts";

interface Row {
  readonly question: string;
  readonly answer: string;
  readonly golden_answers: readonly string[];
  readonly cat_num: string;
  readonly cat: string;
  readonly pmid: string;
  readonly paper_title: string;
  readonly question_original: string;
  readonly is_paraphrased: boolean;
}
interface SplitCounts {
  readonly records: number;
  readonly questions: number;
  readonly paraphrased: number;
  readonly categories: Readonly<Record<string, number>>;
}
interface Manifest {
  readonly records: number;
  readonly questions: number;
  readonly categories: Readonly<Record<string, string>>;
  readonly splits: Readonly<Record<string, SplitCounts>>;
  readonly bareQuestionRecallAt3: {
    readonly index: { readonly k1: number; readonly b: number };
    readonly recall: Readonly<Record<string, number>>;
  };
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
}

const splitNames = ["train", "validation", "test"] as const;
const questionColumns = [
  "question",
  "answer",
  "golden_answers",
  "cat_num",
  "cat",
  "pmid",
  "paper_title",
  "question_original",
  "is_paraphrased",
];
const expectations: DatasetExpectations = {
  minRecords: 160,
  minProblems: 400,
  textWords: { min: 80, max: 160 },
  idsOutsidePubmed: true,
  maxAnswerCharacters: 80,
  duplicateSimilarity: 0.8,
  paraphrasedShare: { min: 0.45, max: 0.55 },
  categories: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
};

const pathOf = (name: string): string => new URL(name, import.meta.url).pathname;
const linesOf = (name: string): unknown[] =>
  readFileSync(pathOf(name), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
const rowsOf = (split: string): Row[] => linesOf(`${split}.jsonl`) as Row[];

const manifest = JSON.parse(readFileSync(pathOf("manifest.json"), "utf8")) as Manifest;
const records: CorpusRecord[] = [];
const recordFields = { id: "id", title: "title", text: "abstract" };
for await (const record of readRecords({ path: pathOf("corpus.jsonl"), fields: recordFields })) records.push(record);
const problemsBy = async (question: string): Promise<Record<string, Problem[]>> => {
  const fields = { ...paperSearchQaFields, question };
  const read = (split: string) => readProblems({ path: pathOf(`${split}.jsonl`), fields, idPrefix: "litmus-mini:" });
  return Object.fromEntries(await Promise.all(splitNames.map(async (split) => [split, await read(split)] as const)));
};
const splits = await problemsBy("question");
const allRows = splitNames.flatMap(rowsOf);

describe("the files of litmus-mini", () => {
  it.each(Object.entries(manifest.files))("%s is the file of the manifest", (name, { sha256, bytes }) => {
    const content = readFileSync(pathOf(name));
    expect(content.byteLength).toBe(bytes);
    expect(createHash("sha256").update(content).digest("hex")).toBe(sha256);
  });

  it("are all named in the manifest", () => {
    const names = ["corpus", ...splitNames].map((name) => `${name}.jsonl`);
    expect(Object.keys(manifest.files).toSorted()).toEqual(names.toSorted());
  });

  it("have exactly the columns of their kind", async () => {
    expect(await checkColumns(pathOf("corpus.jsonl"), ["id", "title", "abstract"])).toEqual([]);
    for (const split of splitNames) expect(await checkColumns(pathOf(`${split}.jsonl`), questionColumns)).toEqual([]);
  });

  it("hold what the manifest counts", () => {
    expect(records).toHaveLength(manifest.records);
    expect(allRows).toHaveLength(manifest.questions);
    const counted = splitNames.map((split) => [split, countsOf(rowsOf(split))]);
    expect(Object.fromEntries(counted)).toEqual(manifest.splits);
  });
});

describe("the questions of litmus-mini", () => {
  it("pass the checks of every data set, over the whole", () => {
    expect(checkDataset({ records, splits, expectations })).toEqual([]);
  });

  it.each(splitNames)("have every category and about half paraphrases in %s", (split) => {
    const part = { [split]: splits[split] ?? [] };
    const { minProblems: _, ...others } = expectations;
    expect(checkDataset({ records, splits: part, expectations: others })).toEqual([]);
  });

  it("do not hold their answers in the wording before the paraphrase either", async () => {
    expect(checkDataset({ records, splits: await problemsBy("question_original") })).toEqual([]);
  });

  it("are answered in the abstract, not only in the title", () => {
    const untitled = records.map((record) => ({ ...record, title: "" }));
    expect(checkDataset({ records: untitled, splits })).toEqual([]);
  });

  it("are many enough to measure on, and three a record", () => {
    expect(splits["test"]?.length).toBeGreaterThanOrEqual(110);
    expect(splits["validation"]?.length).toBeGreaterThanOrEqual(60);
    const perRecord = new Set(Object.values(Object.groupBy(allRows, ({ pmid }) => pmid)).map((rows) => rows?.length));
    expect([...perRecord]).toEqual([3]);
  });

  it("carry the title of their record, the name of their category and the answer first", () => {
    const titles = new Map(records.map(({ id, title }) => [id as string, title]));
    for (const row of allRows) {
      expect(row.paper_title).toBe(titles.get(row.pmid));
      expect(row.cat).toBe(manifest.categories[row.cat_num]);
      expect(row.golden_answers[0]).toBe(row.answer);
      expect(row.golden_answers.length).toBeLessThanOrEqual(6);
    }
  });

  it("say whether they were paraphrased, and share no three words in a row with the wording before", () => {
    for (const row of allRows) {
      expect(row.is_paraphrased).toBe(row.question !== row.question_original);
      if (row.is_paraphrased) expect(sharedRuns(row.question, row.question_original)).toEqual([]);
    }
  });

  it("point to records whose ids no reader takes for a PMID", () => {
    for (const { id } of records) expect(id).toMatch(/^LM[0-9]{4}$/);
  });
});

describe("the bare questions of litmus-mini", () => {
  it("find their record among the first three often, yet not always, as the manifest says", async () => {
    const { index, recall: stated } = manifest.bareQuestionRecallAt3;
    const found = await foundAmongThree(Object.values(splits).flat(), index);
    const recall = (problems: readonly Problem[]): number =>
      Math.round((problems.filter((problem) => found.has(problem)).length / problems.length) * 10_000) / 10_000;
    const parts = Object.entries({ ...splits, all: Object.values(splits).flat() });
    const measured = parts.map(([name, problems]) => [name, recall(problems)] as const);
    expect(Object.fromEntries(measured)).toEqual(stated);
    for (const [name, value] of measured) {
      expect(value, name).toBeGreaterThanOrEqual(0.6);
      expect(value, name).toBeLessThanOrEqual(0.85);
    }
  });
});

async function foundAmongThree(
  problems: readonly Problem[],
  parameters: { readonly k1: number; readonly b: number },
): Promise<ReadonlySet<Problem>> {
  const parent = await mkdtemp(join(tmpdir(), "litmus-mini-"));
  try {
    const directory = join(parent, "index");
    await buildIndex({ records, directory, name: "litmus-mini", idSpace: "own" });
    const index = await openIndex(directory, parameters);
    const questions = problems.map(({ question }) => question);
    const outcome = await index.search(questions, { topK: 3 });
    await index.close();
    if (!outcome.ok) throw new Error(outcome.failure.message);
    const isFound = (problem: Problem, at: number): boolean =>
      outcome.value[at]?.some(({ recordId }) => problem.goldRecordIds.includes(recordId)) === true;
    return new Set(problems.filter(isFound));
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

function countsOf(rows: readonly Row[]): SplitCounts {
  const categories = Object.entries(Object.groupBy(rows, ({ cat_num }) => cat_num));
  return {
    records: new Set(rows.map(({ pmid }) => pmid)).size,
    questions: rows.length,
    paraphrased: rows.filter(({ is_paraphrased }) => is_paraphrased).length,
    categories: Object.fromEntries(categories.map(([number, members]) => [number, members?.length ?? 0])),
  };
}

/** Runs of three words that both texts hold. */
function sharedRuns(one: string, other: string): string[] {
  const runs = (text: string): string[] => {
    const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
    return words.slice(2).map((_, at) => words.slice(at, at + 3).join(" "));
  };
  const known = new Set(runs(other));
  return runs(one).filter((run) => known.has(run));
}
