import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { CorpusRecord } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRecords, type ReadRecordsOptions } from "./read-records.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-corpus-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const readAll = async (options: ReadRecordsOptions): Promise<CorpusRecord[]> => {
  const records: CorpusRecord[] = [];
  for await (const record of readRecords(options)) records.push(record);
  return records;
};
const row = (pmid: string, extra: object = {}): string =>
  JSON.stringify({ pmid, title: `Title ${pmid}`, abstract: `Text ${pmid}`, year: 1998, ...extra });

describe("readRecords", () => {
  it("reads plain and gzip alike, with a byte order mark, CRLF, blank lines and no last line end", async () => {
    const content = `\uFEFF${row("7")}\r\n\r\n${row("8", { year: null })}\r\n${row("9", { year: "2001", abstract: "a\u2028β" })}`;
    const expected = [
      { id: "7", title: "Title 7", text: "Text 7", year: 1998 },
      { id: "8", title: "Title 8", text: "Text 8", year: null },
      { id: "9", title: "Title 9", text: "a\u2028β", year: 2001 },
    ];
    expect(await readAll({ path: await write("a.jsonl", content) })).toEqual(expected);
    // Named without .gz: the bytes decide, not the name.
    expect(await readAll({ path: await write("b.jsonl", gzipSync(content)) })).toEqual(expected);
  });

  it("keeps lines whole that span several chunks", async () => {
    const long = "é".repeat(400_000);
    const path = await write("long.jsonl", `${row("1", { abstract: long })}\n${row("2")}\n`);
    const records = await readAll({ path });
    expect(records.map((record) => record.text.length)).toEqual([400_000, 6]);
  });

  it("maps other columns, numeric ids and a corpus without titles", async () => {
    const path = await write("c.jsonl", '{"id": 12, "contents": "TITLE: a. ABSTRACT: b"}');
    const [record] = await readAll({ path, fields: { id: "id", text: "contents" } });
    expect(record).toEqual({ id: "12", title: "", text: "TITLE: a. ABSTRACT: b", year: null });
  });

  it("keeps only the rows of the filter", async () => {
    const path = await write("d.jsonl", `${row("1", { complete: true })}\n${row("2", { complete: false })}\n`);
    expect((await readAll({ path, where: { complete: true } })).map((record) => record.id)).toEqual(["1"]);
    await expect(readAll({ path, where: { complete: "yes" } })).rejects.toThrow(/no line has/);
  });

  const bad: readonly [name: string, content: string | Uint8Array, line: number | null, message: RegExp][] = [
    ["no JSON", `${row("1")}\n{"pmid": "2"`, 2, /not JSON/],
    ["an array", `${row("1")}\n\n[1]`, 3, /not a JSON object/],
    ["a missing column", '{"pmid": "2", "title": "t"}', 1, /no column "abstract"/],
    ["a title that is no text", row("1", { title: ["t"] }), 1, /not text/],
    ["an id with white space", row("1 2"), 1, /no id/],
    ["an id that is no id", '{"pmid": null, "title": "t", "abstract": "a"}', 1, /no id/],
    ["a repeated id", `${row("1")}\n${row("2")}\n${row("1")}`, 3, /occurs twice/],
    ["no text at all", row("1", { title: " ", abstract: null }), 1, /neither title nor text/],
    ["a year that is none", row("1", { year: 19.5 }), 1, /no year/],
    ["half a surrogate pair", '{"pmid": "1", "title": "\\ud83d", "abstract": "a"}', 1, /surrogate/],
    ["bytes that are no UTF-8", Buffer.concat([Buffer.from(`${row("1")}\n`), Buffer.from([0xff, 0xfe])]), 2, /UTF-8/],
    ["an empty file", "", null, /empty/],
    ["a file of blank lines", "\n \r\n", null, /empty/],
  ];
  it.each(bad)("refuses %s, with path and line", async (name, content, line, message) => {
    const path = await write(`bad-${name.replaceAll(" ", "-")}.jsonl`, content);
    const where = line === null ? path : `${path}:${line}`;
    const failure = await readAll({ path }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "invalid-data", path: where, message: expect.stringMatching(message) });
    expect(failure).toMatchObject({ hint: expect.stringMatching(/\w/) });
  });

  it("takes only PMIDs where the id space is PubMed", async () => {
    const path = await write("own.jsonl", row("mini-7"));
    expect(await readAll({ path })).toHaveLength(1);
    await expect(readAll({ path, idSpace: "pubmed" })).rejects.toThrow(/"mini-7" is no PMID/);
  });

  it("says so when a gzip file is cut off, and when there is no file", async () => {
    const whole = gzipSync(Array.from({ length: 200 }, (_, index) => row(`${index + 1}`)).join("\n"));
    const path = await write("cut.jsonl.gz", whole.subarray(0, whole.length - 20));
    await expect(readAll({ path })).rejects.toMatchObject({ code: "corrupt-file", path });
    const absent = join(folder, "absent.jsonl");
    await expect(readAll({ path: absent })).rejects.toMatchObject({ code: "not-found", path: absent });
  });

  it("lets go of the file when the reader stops early", async () => {
    const path = await write(
      "early.jsonl.gz",
      gzipSync(Array.from({ length: 50_000 }, (_, i) => row(`${i + 1}`)).join("\n")),
    );
    for await (const record of readRecords({ path })) {
      if (record.id === "2") break;
    }
    await rm(path);
  });
});
