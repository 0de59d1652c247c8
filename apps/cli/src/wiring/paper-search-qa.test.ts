import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { loadPaperSearchQa, type PaperSearchQaOptions } from "./paper-search-qa.ts";

/** 40 rows with the columns of PaperSearchQA; three in a row share an abstract, from 90000000 on. */
const golden = fileURLToPath(new URL("../../../../packages/corpus/fixtures/golden.parquet", import.meta.url));
/** Its first asks about the abstract of the training part's last rows, 38 to 40. */
const testRows = ["90000013", "91000000"].map((pmid, index) => ({
  question: `Which gene is mutated in test disease ${index}?`,
  answer: `TEST${index}`,
  golden_answers: [`TEST${index}`],
  cat_num: "1",
  pmid,
  is_paraphrased: false,
}));

const files = { train: "train.parquet", test: "test.jsonl" };
const config = (source: { type: "path"; path: string } | { type: "hub"; repository: string; revision: string }) => ({
  type: "paper-search-qa" as const,
  source,
  files,
  rows: { train: 40, test: 2 },
  validationShare: 0.2,
});

let folder: string;
const options = (changes: Partial<PaperSearchQaOptions> = {}): PaperSearchQaOptions => ({
  seed: 1,
  configDirectory: folder,
  cacheDirectory: join(folder, "cache"),
  offline: false,
  onProgress: () => undefined,
  ...changes,
});
const testText = `${testRows.map((row) => JSON.stringify(row)).join("\n")}\n`;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-qa-"));
  await copyFile(golden, join(folder, files.train));
  await writeFile(join(folder, files.test), testText);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("PaperSearchQA", () => {
  it("keeps questions of the test part's abstracts out of training, and abstracts in one part", async () => {
    const { train, validation, test } = await loadPaperSearchQa(config({ type: "path", path: "." }), options());
    expect(test.map(({ id }) => id)).toEqual(["test:1", "test:2"]);
    // Only row 40 has the abstract 90000013: three rows each, and one is left.
    expect([...train, ...validation]).toHaveLength(39);
    expect(validation.length).toBeGreaterThan(0);
    const abstracts = [train, validation, test].map(
      (problems) => new Set(problems.flatMap(({ goldRecordIds }) => goldRecordIds)),
    );
    const all = new Set(abstracts.flatMap((part) => [...part]));
    expect(all.size).toBe(abstracts.reduce((sum, part) => sum + part.size, 0));
  });

  it("refuses a file that is not the one it read first", async () => {
    const own = config({ type: "path", path: "." });
    const first = await loadPaperSearchQa(own, options());
    expect(await loadPaperSearchQa(own, options())).toEqual(first);
    await writeFile(join(folder, files.test), testText.replace("TEST1", "TEST9"));
    await expect(loadPaperSearchQa(own, options())).rejects.toMatchObject({
      code: "corrupt-file",
      path: join(folder, files.test),
    });
  });

  it("refuses other numbers of rows, and says how many there are", async () => {
    const other = { ...config({ type: "path", path: "." }), rows: { train: 54_907, test: 5_000 } };
    await expect(loadPaperSearchQa(other, options())).rejects.toThrow("has 40 rows, not 54907");
  });

  it("names what is missing", async () => {
    await expect(loadPaperSearchQa(config({ type: "path", path: "none" }), options())).rejects.toMatchObject({
      code: "not-found",
      path: "problems.source",
    });
  });

  describe("from a hub", () => {
    let server: Server;
    const asked: string[] = [];
    beforeAll(async () => {
      server = createServer((request, response) => {
        asked.push(request.url ?? "");
        void readFile(join(folder, request.url?.split("/").at(-1) ?? "")).then((content) => response.end(content));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    it("fetches each part once, of the revision that is named", async () => {
      const hub = { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
      const source = { type: "hub", repository: "owner/set", revision: "abc" } as const;
      const fetched = await loadPaperSearchQa(config(source), options({ hub }));
      expect(asked).toEqual([
        "/datasets/owner/set/resolve/abc/train.parquet",
        "/datasets/owner/set/resolve/abc/test.jsonl",
      ]);
      expect(await loadPaperSearchQa(config(source), options({ hub, offline: true }))).toEqual(fetched);
      expect(asked).toHaveLength(2);
      await expect(
        loadPaperSearchQa(config({ ...source, revision: "other" }), options({ hub, offline: true })),
      ).rejects.toMatchObject({ code: "not-found" });
    });
  });
});
