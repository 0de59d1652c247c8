import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readProblems } from "./read-problems.ts";
import { readRows, type Row } from "./read-rows.ts";

/** Written and read by pyarrow: fixtures/make-parquet-golden.py. */
const golden = fileURLToPath(new URL("../fixtures/golden.parquet", import.meta.url));
const expected = JSON.parse(await readFile(new URL("../fixtures/golden.json", import.meta.url), "utf8")) as Record<
  string,
  unknown
>[];

async function allOf(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-parquet-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a Parquet file", () => {
  it("gives the rows that pyarrow reads, in their order, each with its number", async () => {
    const rows = await allOf(readRows(golden));
    expect(rows.map(({ columns }) => columns)).toEqual(expected);
    expect(rows[16]?.where).toBe(`${golden}:17`);
    expect(rows).toHaveLength(40);
  });

  it("is read as problems by the columns of PaperSearchQA", async () => {
    const problems = await readProblems({ path: golden, idPrefix: "" });
    expect(problems).toHaveLength(40);
    expect(problems[2]).toMatchObject({
      goldenAnswers: ["GENE2", "gene 2 0", "gene 2 1"],
      goldRecordIds: ["90000000"],
      isParaphrased: true,
    });
  });

  it("gives problems the numbers of their rows as ids, where it is asked to", async () => {
    const problems = await readProblems({ path: golden, idPrefix: "train:", ids: "row" });
    expect(problems.map(({ id }) => id).slice(0, 3)).toEqual(["train:1", "train:2", "train:3"]);
  });

  it("is filtered by the values of columns", async () => {
    const rows = await allOf(readRows(golden, { pmid: "90000001" }));
    expect(rows.map(({ columns }) => columns["answer"])).toEqual(["GENE3", "GENE4", "GENE5"]);
  });

  it.each([200, -40])("is refused when it is cut off or damaged (%i bytes)", async (end) => {
    const path = join(folder, "cut.parquet");
    await writeFile(path, (await readFile(golden)).subarray(0, end));
    await expect(allOf(readRows(path))).rejects.toMatchObject({ code: "corrupt-file" });
  });
});
