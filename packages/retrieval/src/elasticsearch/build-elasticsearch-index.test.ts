import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CorpusRecord, LitmusError, recordId } from "@litmus/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createManualTiming } from "@litmus/testing";
import { buildElasticsearchIndex, type ElasticsearchBuildOptions } from "./build-elasticsearch-index.ts";
import { deleteElasticsearchIndex, listElasticsearchIndexes, serveElasticsearchIndex } from "./manage-indexes.ts";
import { type FakeElasticsearch, startFakeElasticsearch } from "./testing/fake-elasticsearch.ts";

let folder = "";
let built = 0;
let fake: FakeElasticsearch;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-elasticsearch-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  fake = await startFakeElasticsearch();
  built++;
});
afterEach(() => fake.close());

const record = (id: number | string, year: number | null = null): CorpusRecord => {
  return { id: recordId(String(id)), title: `Title ${id}`, text: `text of ${id}`, year };
};
const records = Array.from({ length: 40 }, (_, place) => record(place + 1));
const server = () => ({ url: fake.url, flavor: "elasticsearch" }) as const;
const deadLetters = (): string => join(folder, `rejected-${built}.jsonl`);
const rejectedIds = async (): Promise<unknown[]> => {
  // Where nothing was rejected there is no file.
  const lines = (await readFile(deadLetters(), "utf8").catch(() => "")).split("\n").slice(0, -1);
  return lines.map((line) => (JSON.parse(line) as { recordId: unknown }).recordId);
};
/** About one record a request. */
const small = { maxBytes: 1, checkpointEvery: 10 };

const build = (options: Partial<ElasticsearchBuildOptions> = {}) =>
  buildElasticsearchIndex({
    server: server(),
    alias: "pubmed",
    name: "pubmed",
    idSpace: "pubmed",
    bm25: { preset: "anserini" },
    records,
    deadLetterPath: deadLetters(),
    timing: createManualTiming({ instantBelowMs: Infinity }),
    ...options,
  });

const bulks = (): number => fake.requests.filter(({ path }) => path.endsWith("/_bulk")).length;

describe("a build", () => {
  it("makes an index for searching alone, and points the alias at it last", async () => {
    const result = await build({ bm25: { k1: 1.5, b: 0.5 }, replicas: 2 });
    expect(result).toMatchObject({ index: "pubmed-000001", documents: 40, rejected: 0, replaced: [] });
    const index = fake.cluster.indexes.get("pubmed-000001")!;
    expect(index.settings).toEqual({
      number_of_shards: 1,
      number_of_replicas: 2,
      codec: "best_compression",
      "blocks.write": true,
      refresh_interval: "1s",
      "translog.durability": "request",
      "translog.flush_threshold_size": "1gb",
      similarity: {
        abstracts: {
          type: "BM25",
          k1: 1.5,
          b: 0.5,
        },
      },
    });
    const created = fake.requests.find(({ method, path }) => method === "PUT" && path === "/pubmed-000001");
    expect(created?.lines[0]).toMatchObject({ settings: { index: { refresh_interval: "-1", number_of_replicas: 0 } } });
    const steps = fake.requests.slice(-5).map(({ path }) => path);
    expect(steps).toEqual([
      "/pubmed-000001/_forcemerge",
      "/pubmed-000001/_settings",
      "/pubmed-000001/_mapping",
      "/_alias/pubmed",
      "/_aliases",
    ]);
  });

  it("has the same id for any order of the records, and another for other records", async () => {
    const first = await build();
    const second = await build({ records: records.toReversed() });
    const third = await build({ records: records.slice(1) });
    expect(second.id).toBe(first.id);
    expect(third.id).not.toBe(first.id);
    expect([second.replaced, third.replaced]).toEqual([["pubmed-000001"], ["pubmed-000002"]]);
  });

  it("sends no more than its requests at once, so that the source is read no faster", async () => {
    let read = 0;
    const counted = (function* () {
      for (const each of records) {
        read++;
        yield each;
      }
    })();
    fake.fail("/_bulk", { type: "hang" });
    const controller = new AbortController();
    const pending = build({ records: counted, bulk: { ...small, concurrency: 3 }, signal: controller.signal });
    await fake.received("/_bulk", 3);
    expect(read).toBeLessThanOrEqual(4);
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: "interrupted" });
  });

  it("survives overload, dropped connections and records that are refused for the moment", async () => {
    const faults = [{ type: "status", status: 429 }, { type: "drop" }, { type: "status", status: 503 }] as const;
    fake.fail("/_bulk", ...faults, { type: "items", status: 429, places: [0, 2] });
    expect(await build()).toMatchObject({ documents: 40, rejected: 0 });
    expect(fake.requests.filter(({ path }) => path.endsWith("/_bulk")).at(-1)?.lines).toHaveLength(4);
  });

  it("puts rejected records into the dead-letter file with their reasons", async () => {
    const result = await build({ records: [...records, record("no-pmid"), record(77, 99_999)] });
    expect(result).toMatchObject({ documents: 40, rejected: 2 });
    const lines = (await readFile(deadLetters(), "utf8"))
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      { recordId: "no-pmid", code: "invalid-id", message: "the id is no PMID", record: record("no-pmid") },
      {
        recordId: "77",
        code: "record-rejected",
        message: "document_parsing_exception: year",
        record: record(77, 99999),
      },
    ]);
  });

  it("stops when too many are rejected, when there is none, and when ids repeat", async () => {
    const bad = Array.from({ length: 3 }, (_, place) => record(place + 100, 99_999));
    await expect(build({ records: bad, bulk: { maxRejected: 2 } })).rejects.toThrow("rejected 3 records");
    await expect(build({ records: [], alias: "empty" })).rejects.toMatchObject({ code: "invalid-data" });
    const repeated = build({ records: [...records, record(1)], alias: "repeated" });
    await expect(repeated).rejects.toThrow("41 records were loaded, but repeated-000001 holds 40 documents");
    expect(fake.cluster.aliases.size).toBe(0);
  });

  it("stops at a refusal of the whole request instead of rejecting every record", async () => {
    fake.fail("/_bulk", { type: "status", status: 403 });
    await expect(build()).rejects.toMatchObject({ code: "invalid-config" });
    expect(await rejectedIds()).toEqual([]);
  });

  it("passes on what the source of the records throws, and leaves nothing under way", async () => {
    const torn = (function* () {
      yield* records;
      throw new LitmusError("invalid-data", "line 41 is no record");
    })();
    await expect(build({ records: torn, bulk: small })).rejects.toThrow("line 41 is no record");
    expect(fake.cluster.aliases.size).toBe(0);
  });

  it("reports its progress", async () => {
    const seen: unknown[] = [];
    await build({ records: records.slice(0, 2), bulk: small, onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([
      { phase: "load", records: 1, rejected: 0 },
      { phase: "load", records: 2, rejected: 0 },
      { phase: "merge", records: 2, rejected: 0 },
    ]);
  });
});

describe("an interrupted build", () => {
  const source = [
    ...records.slice(0, 12),
    record("bad"),
    ...records.slice(12, 17),
    record("worse"),
    ...records.slice(17),
  ];
  /** Stops after 19 records are done with; the last checkpoint is at 10. */
  const interrupt = async (): Promise<void> => {
    const controller = new AbortController();
    const onProgress = ({ records: done }: { records: number }): void => void (done === 19 && controller.abort());
    const pending = build({
      records: source,
      bulk: { ...small, concurrency: 1 },
      signal: controller.signal,
      onProgress,
    });
    await expect(pending).rejects.toMatchObject({ code: "interrupted" });
  };

  it("goes on at its last checkpoint, and ends as if it had not been interrupted", async () => {
    await interrupt();
    expect(await listElasticsearchIndexes(server(), "pubmed")).toMatchObject([{ state: "unfinished" }]);
    const before = bulks();
    const result = await build({ records: source, bulk: small });
    expect(result).toMatchObject({ index: "pubmed-000001", documents: 40, rejected: 2 });
    expect(bulks() - before).toBe(source.length - 10 - 2);
    expect(await rejectedIds()).toEqual(["bad", "worse"]);
    expect(result.id).toBe((await build({ alias: "other" })).id);
  });

  it("goes on after a failure at any request, and its index is the same", async () => {
    const whole = await build({ alias: "whole", records: source, bulk: small });
    const steps = ["/_bulk", "/_flush", "/_mapping", "/_refresh", "/_count", "/_forcemerge", "/_settings", "/_aliases"];
    for (const [place, step] of steps.entries()) {
      const alias = `broken-${place}`;
      fake.fail(step, { type: "status", status: 400 });
      await expect(build({ alias, records: source, bulk: small })).rejects.toThrow("status 400");
      const again = await build({ alias, records: source, bulk: small });
      expect([step, again.id, again.documents]).toEqual([step, whole.id, 40]);
      expect(await rejectedIds()).toEqual(["bad", "worse"]);
    }
  });

  it("refuses another source and other settings", async () => {
    await interrupt();
    const other = [record(99), ...source.slice(1)];
    await expect(build({ records: other, bulk: small })).rejects.toMatchObject({ code: "conflict", path: "records" });
    await expect(build({ records: source.slice(0, 5) })).rejects.toMatchObject({ code: "conflict", path: "records" });
    await expect(build({ bm25: { k1: 1, b: 1 } })).rejects.toMatchObject({ code: "conflict", path: "k1" });
    expect(fake.cluster.aliases.size).toBe(0);
  });
});

describe("the indexes of an alias", () => {
  it("are listed, served by choice, and deleted unless they serve", async () => {
    await build({ records: records.slice(0, 3) });
    await build({ records: records.slice(0, 5) });
    const states = async () =>
      (await listElasticsearchIndexes(server(), "pubmed")).map(({ index, state }) => [index, state]);
    expect(await states()).toEqual([
      ["pubmed-000002", "serving"],
      ["pubmed-000001", "whole"],
    ]);
    for (const _ of ["once", "again"]) await serveElasticsearchIndex(server(), "pubmed", "pubmed-000001");
    const moves = fake.requests.filter(({ path }) => path === "/_aliases").map(({ lines }) => lines[0]);
    const add = { add: { index: "pubmed-000001", alias: "pubmed" } };
    const remove = { remove: { index: "pubmed-000002", alias: "pubmed" } };
    expect(moves.slice(-2)).toEqual([{ actions: [remove, add] }, { actions: [add] }]);
    await expect(serveElasticsearchIndex(server(), "pubmed", "pubmed-000009")).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(deleteElasticsearchIndex(server(), "pubmed-000001")).rejects.toMatchObject({ code: "conflict" });
    await deleteElasticsearchIndex(server(), "pubmed-000002");
    expect(await states()).toEqual([["pubmed-000001", "serving"]]);
    expect([...(fake.cluster.aliases.get("pubmed") ?? [])]).toEqual(["pubmed-000001"]);
  });
});
