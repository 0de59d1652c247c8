import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CorpusRecord, createRng, recordId } from "@litmus/core";
import { createManualTiming, describeRetriever, type ManualTiming } from "@litmus/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildElasticsearchIndex } from "./build-elasticsearch-index.ts";
import {
  type ElasticsearchIndex,
  type ElasticsearchIndexOptions,
  openElasticsearchIndex,
} from "./open-elasticsearch-index.ts";
import { type FakeElasticsearch, type Fault, startFakeElasticsearch } from "./testing/fake-elasticsearch.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-elasticsearch-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const records: readonly CorpusRecord[] = ["copper", "liver", "gout"].map((word, place) => {
  return { id: recordId(`r${place}`), title: word, text: `about ${word}`, year: 2000 };
});

async function build(fake: FakeElasticsearch, of = records, flavor: "elasticsearch" | "opensearch" = "elasticsearch") {
  return buildElasticsearchIndex({
    server: {
      url: fake.url,
      flavor,
    },
    alias: "test",
    name: "test",
    idSpace: "own",
    records: of,
    bm25: { preset: "anserini" },
    deadLetterPath: join(folder, "rejected.jsonl"),
  });
}

for (const flavor of ["elasticsearch", "opensearch"] as const) {
  describe(flavor, () => {
    let fake: FakeElasticsearch;
    beforeAll(async () => {
      fake = await startFakeElasticsearch(flavor);
    });
    afterAll(() => fake.close());
    describeRetriever(`${flavor}, in memory`, async (corpus) => {
      await build(fake, corpus, flavor);
      return openElasticsearchIndex({ server: { url: fake.url, flavor }, index: "test" });
    });
  });
}

describe("an open index", () => {
  let fake: FakeElasticsearch;
  let timing: ManualTiming;
  let retriever: ElasticsearchIndex;
  const open = async (options: Partial<ElasticsearchIndexOptions> = {}): Promise<ElasticsearchIndex> => {
    const server = { url: fake.url, flavor: "elasticsearch" as const };
    return openElasticsearchIndex({ server, index: "test", timing, ...options });
  };
  beforeEach(async () => {
    fake = await startFakeElasticsearch();
    // Batches and retries wait no time; the deadline of 10 s comes only when a test lets it pass.
    timing = createManualTiming({ instantBelowMs: 10_000 });
    await build(fake);
    retriever = await open();
  });
  afterEach(async () => {
    await retriever.close();
    await fake.close();
  });

  const searches = (): number => fake.requests.filter(({ path }) => path.endsWith("/_msearch")).length;
  const search = (query = "copper", signal?: AbortSignal) =>
    retriever.search([query], signal === undefined ? { topK: 3 } : { topK: 3, signal });
  const found = { ok: true, value: [[{ recordId: "r0" }]] };

  it("gives Lucene's scores: the factor k1 + 1 is divided out", async () => {
    const outcome = await search();
    // One of three documents has the term, twice; every document has three terms, which is the average.
    const expected = (Math.log(1 + (3 - 1 + 0.5) / (1 + 0.5)) * 2) / (2 + 0.9);
    expect(outcome.ok && outcome.value[0]?.[0]?.score).toBeCloseTo(expected, 12);
  });

  it("sends the searches of several callers in one request, never of another kind", async () => {
    await Promise.all([retriever.search(["copper", "liver"], { topK: 3 }), retriever.search(["gout"], { topK: 1 })]);
    expect(searches()).toBe(1);
    const { path, lines } = fake.requests.at(-1)!;
    expect(path).toBe("/test-000001/_msearch");
    expect(lines).toHaveLength(6);
    expect(lines[0]).toEqual({ allow_partial_search_results: false, preference: "litmus" });
    expect(lines[5]).toEqual({
      query: { match: { contents: { query: "gout" } } },
      size: 1,
      sort: ["_score", "recordId"],
      track_scores: true,
      track_total_hits: false,
      timeout: "10000ms",
      _source: ["title", "text", "year"],
    });
  });

  it("reads a record by its id, and tries again where the server is away", async () => {
    fake.fail("/_doc/r1", { type: "status", status: 503 }, { type: "drop" });
    expect(await retriever.record(recordId("r1"))).toEqual(records[1]);
    expect(await retriever.record(recordId("r9"))).toBeNull();
  });

  it("does not take an index that is gone for a record that is not there", async () => {
    fake.cluster.delete("test-000001");
    await expect(retriever.record(recordId("r1"))).rejects.toMatchObject({ code: "unavailable" });
  });

  it.each([429, 502, 503, 504])("tries again after status %i, and after a dropped connection", async (status) => {
    fake.fail("/_msearch", { type: "status", status }, { type: "drop" });
    expect(await search()).toMatchObject(found);
    expect(searches()).toBe(3);
  });

  it("sends again only the queries that failed", async () => {
    fake.fail("/_msearch", { type: "items", status: 429, places: [1] });
    const outcome = await retriever.search(["copper", "liver", "gout"], { topK: 3 });
    expect(outcome.ok && outcome.value.map(([hit]) => hit?.recordId)).toEqual(["r0", "r1", "r2"]);
    const { lines } = fake.requests.at(-1)!;
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines[1])).toContain("liver");
  });

  it("fails a search whose query failed, and no other of its batch", async () => {
    fake.fail("/_msearch", { type: "items", status: 400, places: [0] });
    const [first, second] = await Promise.all([search("copper"), search("copper")]);
    const failure = {
      boundary: "retrieval",
      code: "search-rejected",
      message: "injected: told to fail",
      retryable: false,
    };
    expect(first).toEqual({ ok: false, failure });
    expect(second).toMatchObject(found);
  });

  it.each([
    [401, "search-unauthorized"],
    [404, "index-missing"],
    [400, "search-rejected"],
  ])("does not try again after status %i", async (status, code) => {
    fake.fail("/_msearch", { type: "status", status });
    expect(await search()).toMatchObject({ ok: false, failure: { boundary: "retrieval", code, retryable: false } });
    expect(searches()).toBe(1);
  });

  it("gives up after the last attempt, and leaves a failing server alone until its time is over", async () => {
    const down = { type: "status", status: 503 } as const;
    fake.fail("/_msearch", down, down, down, down, down);
    const code = async () => {
      const outcome = await search();
      return outcome.ok ? "found" : outcome.failure.code;
    };
    expect(await code()).toBe("search-unavailable");
    expect(searches()).toBe(4);
    expect(await code()).toBe("circuit-open");
    expect(searches()).toBe(5);
    timing.pass(10_000);
    expect(await code()).toBe("found");
  });

  it.each([
    ["no lists", { responses: [] }],
    ["another thing", { hello: "world" }],
    [
      "hits without source",
      { responses: [{ timed_out: false, _shards: { failed: 0 }, hits: { hits: [{ _id: "r0" }] } }] },
    ],
  ])("fails on an answer that holds %s", async (_, body) => {
    fake.fail("/_msearch", { type: "body", body });
    expect(await search()).toMatchObject({ ok: false, failure: { code: "search-malformed-answer", retryable: false } });
  });

  it.each([
    ["a shard failed", { timed_out: false, _shards: { failed: 1 } }],
    ["the server's time ran out", { timed_out: true, _shards: { failed: 0 } }],
  ])("takes no part for the whole: %s", async (_, part) => {
    const body = { responses: [{ ...part, hits: { hits: [] } }] };
    fake.fail("/_msearch", ...Array.from({ length: 4 }, () => ({ type: "body", body }) as const));
    expect(await search()).toMatchObject({ ok: false, failure: { code: "search-partial", retryable: true } });
  });

  it("never takes a fault for an answer: right hits or a failure, whatever the faults", async () => {
    const faults: readonly Fault[] = [
      { type: "status", status: 429 },
      { type: "status", status: 503 },
      { type: "drop" },
      { type: "items", status: 429, places: [0, 1] },
      { type: "items", status: 500, places: [1] },
      { type: "body", body: { responses: [{ timed_out: true, _shards: { failed: 0 }, hits: { hits: [] } }] } },
    ];
    const rng = createRng("faults");
    const counts = { found: 0, failed: 0 };
    for (let round = 0; round < 100; round++) {
      for (let fault = rng.integer(6); fault > 0; fault--) fake.fail("/_msearch", faults[rng.integer(faults.length)]!);
      const words = rng.shuffled(["copper", "liver", "gout"]);
      const outcome = await retriever.search(words, { topK: 3 });
      counts[outcome.ok ? "found" : "failed"]++;
      if (outcome.ok) expect(outcome.value.map(([hit]) => hit?.title)).toEqual(words);
      fake.recover();
      timing.pass(10_000);
    }
    expect(counts.found).toBeGreaterThan(20);
    expect(counts.failed).toBeGreaterThan(5);
  });

  it("fails with boundary timeout when the server does not answer in time", async () => {
    fake.fail("/_msearch", { type: "hang" });
    const pending = search();
    await fake.received("/_msearch", 1);
    timing.pass(10_000);
    expect(await pending).toMatchObject({ ok: false, failure: { boundary: "timeout", code: "search-timed-out" } });
  });

  it("leaves an aborted caller at once, and serves the others of its batch", async () => {
    const controller = new AbortController();
    const [gone, stays] = [search("liver", controller.signal), search("copper")];
    controller.abort();
    expect(await gone).toMatchObject({ ok: false, failure: { boundary: "timeout", code: "aborted" } });
    expect(await stays).toMatchObject(found);
  });

  it("fails what is under way when it is closed", async () => {
    fake.fail("/_msearch", { type: "hang" });
    const pending = search();
    await fake.received("/_msearch", 1);
    await retriever.close();
    expect(await pending).toMatchObject({ ok: false, failure: { code: "retriever-closed", retryable: false } });
  });

  it("searches the index that it opened, though the alias points at another", async () => {
    await build(fake, [{ id: recordId("new"), title: "copper", text: "", year: null }]);
    expect(await search()).toMatchObject(found);
    const later = await open();
    expect(await later.search(["copper"], { topK: 1 })).toMatchObject({ value: [[{ recordId: "new" }]] });
    expect(later.info.id).not.toBe(retriever.info.id);
    await later.close();
  });

  it("is refused when it is not whole, not ours, short of documents, or absent", async () => {
    await expect(open({ index: "absent" })).rejects.toMatchObject({ code: "not-found" });
    await expect(open({ index: "test-*" })).rejects.toMatchObject({ code: "invalid-config", path: "index" });
    const index = fake.cluster.indexes.get("test-000001")!;
    index.documents.delete("r0");
    await expect(open()).rejects.toThrow("holds 2 documents, not the 3");
    index.mappings = { _meta: { other: 1 } };
    await expect(open()).rejects.toMatchObject({ code: "incompatible" });
  });
});
