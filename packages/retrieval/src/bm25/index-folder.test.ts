import { cp, mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CorpusRecord, recordId } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildIndex } from "./build-index.ts";
import { hashManifest, indexFiles, type IndexManifest, manifestFile } from "./index-manifest.ts";
import { openIndex } from "./open-index.ts";

let folder = "";
let whole = "";
const preset = { preset: "anserini" } as const;
const record = (id: string, text = `text of ${id}`): CorpusRecord => {
  return { id: recordId(id), title: `Title ${id}`, text, year: 2000 };
};
const records = Array.from({ length: 60 }, (_, index) => record(`r${index}`));
const options = { name: "test", idSpace: "own" } as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-retrieval-"));
  whole = join(folder, "whole");
  await buildIndex({ ...options, records, directory: whole });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const copy = async (name: string): Promise<string> => {
  const directory = join(folder, name);
  await cp(whole, directory, { recursive: true });
  return directory;
};
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    (error: unknown) => error,
  );

describe("a built folder", () => {
  it("is the same for any order of the records, and opens again without the records", async () => {
    const directory = join(folder, "shuffled");
    const shuffled = await buildIndex({ ...options, name: "other", records: records.toReversed(), directory });
    const first = await openIndex(whole, preset);
    expect(shuffled.id).toBe(first.manifest.id);
    expect(shuffled.files).toEqual(first.manifest.files);
    expect(first.manifest).toMatchObject({ documents: 60, documentsWithTerms: 60, totalTokens: 240 });
    const again = await openIndex(whole, preset);
    expect(await again.search(["r7"], { topK: 1 })).toEqual(await first.search(["r7"], { topK: 1 }));
    await Promise.all([first.close(), again.close()]);
  });

  it("has another id when a record changes", async () => {
    const directory = join(folder, "changed");
    const changed = await buildIndex({ ...options, records: [...records.slice(1), record("r0", "other")], directory });
    const first = await openIndex(whole, preset);
    expect(changed.id).not.toBe(first.manifest.id);
    await first.close();
  });

  it.each([manifestFile, ...Object.values(indexFiles)])(
    "is refused when %s is missing, cut off or altered",
    async (name) => {
      const damage: [string, (path: string) => Promise<void>][] = [
        ["missing", (path) => rm(path)],
        ["cut", async (path) => truncate(path, (await readFile(path)).length - 2)],
        ["empty", (path) => truncate(path, 0)],
        [
          "altered",
          async (path) => {
            const bytes = await readFile(path);
            const middle = bytes.length >> 1;
            bytes[middle] = (bytes[middle] as number) ^ 1;
            await writeFile(path, bytes);
          },
        ],
      ];
      for (const [how, apply] of damage) {
        const directory = await copy(`${how}-${name}`);
        await apply(join(directory, name));
        if (how === "altered" && name === indexFiles.texts) continue;
        const code = how === "missing" && name === manifestFile ? "not-found" : "corrupt-file";
        const error = await errorOf(openIndex(directory, preset));
        expect(error, `${how} ${name}`).toMatchObject({ code, path: join(directory, name) });
      }
    },
  );

  it("reports altered texts when they are read, and never as a hit", async () => {
    const directory = await copy("altered-block");
    const path = join(directory, indexFiles.texts);
    const bytes = await readFile(path);
    bytes[20] = (bytes[20] as number) ^ 1;
    await writeFile(path, bytes);
    const index = await openIndex(directory, preset);
    const outcome = await index.search(["r0"], { topK: 1 });
    expect(outcome).toMatchObject({ ok: false, failure: { boundary: "retrieval", code: "corrupt-index" } });
    expect(await errorOf(index.record(recordId("r0")))).toMatchObject({ code: "corrupt-file", path });
    expect((await index.search(["r9"], { topK: 1 })).ok).toBe(true);
    await index.close();
  });

  it("is refused when it is of another version, foreign, or says what its files do not", async () => {
    const manifest = JSON.parse(await readFile(join(whole, manifestFile), "utf8")) as IndexManifest;
    const rehashed = (change: object): object => {
      const changed = { ...manifest, ...change };
      return { ...changed, manifestSha256: hashManifest(changed) };
    };
    const cases: [object, RegExp][] = [
      [rehashed({ formatVersion: 2 }), /format version 2/],
      [rehashed({ analyzer: "other:1" }), /damaged|analysis other:1/],
      [{ format: "something else" }, /not the manifest/],
      [[], /not the manifest/],
      [{ ...manifest, totalTokens: 9 }, /own hash/],
      [rehashed({ documents: 61 }), /one id for each document/],
    ];
    for (const [index, [value, message]] of cases.entries()) {
      const directory = await copy(`manifest-${index}`);
      await writeFile(join(directory, manifestFile), JSON.stringify(value));
      const error = await errorOf(openIndex(directory, preset));
      expect(error).toMatchObject({ code: "corrupt-file", message: expect.stringMatching(message) });
    }
    expect(await errorOf(openIndex(join(folder, "nowhere"), preset))).toMatchObject({ code: "not-found" });
  });
});

describe("buildIndex", () => {
  const leftovers = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith("."));

  it("never writes over a folder", async () => {
    expect(await errorOf(buildIndex({ ...options, records, directory: whole }))).toMatchObject({ code: "conflict" });
    const index = await openIndex(whole, preset);
    expect(index.info.documents).toBe(60);
    await index.close();
  });

  it.each<[string, CorpusRecord[], "own" | "pubmed", RegExp]>([
    ["no record", [], "own", /no record/],
    ["a repeated id", [record("a"), record("b"), record("a")], "own", /"a" occurs twice/],
    ["an empty id", [record("")], "own", /no record id/],
    ["an id over two lines", [record("a\nb")], "own", /no record id/],
    ["an id that is no PMID", [record("r1")], "pubmed", /no record id/],
  ])("refuses %s and leaves nothing behind", async (name, list, idSpace, message) => {
    const directory = join(folder, name.replaceAll(" ", "-"));
    const error = await errorOf(buildIndex({ records: list, directory, name: "test", idSpace }));
    expect(error).toMatchObject({ code: "invalid-data", message: expect.stringMatching(message) });
    expect(await errorOf(openIndex(directory, preset))).toMatchObject({ code: "not-found" });
    expect(await leftovers()).toEqual([]);
  });

  it("passes on an error of the source, and leaves nothing behind", async () => {
    const source = (async function* () {
      yield record("a");
      await Promise.resolve();
      throw new RangeError("source broke");
    })();
    const error = await errorOf(buildIndex({ ...options, records: source, directory: join(folder, "broken") }));
    expect(error).toMatchObject({ message: "source broke" });
    expect(await leftovers()).toEqual([]);
  });

  it("tells its progress and stops when aborted", async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => record(`r${index}`));
    const seen: string[] = [];
    const onProgress = (progress: { phase: string; records: number }): void => {
      seen.push(`${progress.phase} ${progress.records}`);
    };
    await buildIndex({ ...options, records: many, directory: join(folder, "progress"), onProgress });
    expect(seen).toEqual(["read", "index"].flatMap((phase) => [1000, 2000, 2500].map((count) => `${phase} ${count}`)));
    const controller = new AbortController();
    const aborted = buildIndex({
      ...options,
      records: many,
      directory: join(folder, "aborted"),
      signal: controller.signal,
      onProgress: (progress) => progress.phase === "index" && controller.abort(),
    });
    expect(await errorOf(aborted)).toMatchObject({ code: "interrupted" });
    expect(await leftovers()).toEqual([]);
  });
});
