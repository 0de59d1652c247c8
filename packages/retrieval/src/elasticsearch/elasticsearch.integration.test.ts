import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CorpusRecord, recordId, type SearchHit } from "@litmus/core";
import { describeRetriever } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildIndex } from "../bm25/build-index.ts";
import { openIndex } from "../bm25/open-index.ts";
import { readLuceneGolden } from "../golden-fixture.ts";
import { buildElasticsearchIndex, type ElasticsearchBuildOptions } from "./build-elasticsearch-index.ts";
import { deleteElasticsearchIndex, listElasticsearchIndexes } from "./manage-indexes.ts";
import { openElasticsearchIndex } from "./open-elasticsearch-index.ts";
import { connectSearchServer, type ServerFlavor } from "./search-server.ts";

/** Addresses of real servers: `packages/testing/services/start-search-server.mjs` starts them. */
const servers: readonly (readonly [ServerFlavor, string])[] = [
  ["elasticsearch", "LITMUS_TEST_ELASTICSEARCH"],
  ["opensearch", "LITMUS_TEST_OPENSEARCH"],
];

for (const [flavor, variable] of servers) {
  const url = process.env[variable];
  describe.skipIf(url === undefined)(`${flavor}, the real server (${variable})`, () => {
    integrationTests({ url: url ?? "", flavor });
  });
}

/** How far two servers' scores of one document may be apart, relative: they are rounded to 32 bits on different ways. */
const tolerance = 1e-5;

function integrationTests(server: { readonly url: string; readonly flavor: ServerFlavor }): void {
  let folder = "";
  const aliases: string[] = [];
  const newAlias = (): string => {
    const alias = `litmus-test-${process.pid}-${aliases.length}`;
    aliases.push(alias);
    return alias;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "litmus-elasticsearch-"));
  });
  afterAll(async () => {
    const { client } = await connectSearchServer(server);
    for (const alias of aliases) {
      for (const { index, state } of await listElasticsearchIndexes(server, alias)) {
        if (state === "serving") await client.indices.deleteAlias({ index, name: alias });
        await deleteElasticsearchIndex(server, index);
      }
    }
    await client.close();
    await rm(folder, { recursive: true, force: true });
  });

  const build = (records: readonly CorpusRecord[], options: Partial<ElasticsearchBuildOptions> = {}) => {
    const alias = options.alias ?? newAlias();
    return buildElasticsearchIndex({
      server,
      alias,
      name: "test",
      idSpace: "own",
      bm25: { preset: "anserini" },
      records,
      deadLetterPath: join(folder, `${alias}.jsonl`),
      ...options,
    });
  };

  describeRetriever(server.flavor, async (records) => {
    const { index } = await build(records);
    return openElasticsearchIndex({ server, index });
  });

  const golden = readLuceneGolden();
  const goldenRecords = golden.documents.map(({ id, title, text }) => ({ id: recordId(id), title, text, year: null }));

  it.each(["anserini", "elasticsearch"] as const)("finds what the embedded index finds: %s", async (preset) => {
    const directory = join(folder, `embedded-${preset}`);
    await buildIndex({ records: goldenRecords, directory, name: "test", idSpace: "own" });
    const embedded = await openIndex(directory, { preset });
    const { index } = await build(goldenRecords, { bm25: { preset } });
    const remote = await openElasticsearchIndex({ server, index });
    const queries = golden.queries.map(({ query }) => query);
    const [ours, theirs] = await Promise.all([
      embedded.search(queries, { topK: 10 }),
      remote.search(queries, { topK: 10 }),
    ]);
    await Promise.all([embedded.close(), remote.close()]);
    if (!ours.ok || !theirs.ok) throw new Error(`${JSON.stringify(theirs)}`);
    expect(ours.value.flat().length).toBeGreaterThan(250);
    for (const [place, hits] of ours.value.entries()) expectEqualHits(theirs.value[place] ?? [], hits);
  });

  it("replaces an index while a retriever searches, and goes on after an interruption", async () => {
    const alias = newAlias();
    const records = Array.from({ length: 300 }, (_, place): CorpusRecord => {
      return { id: recordId(`r${place}`), title: `Title ${place}`, text: "about copper", year: 2000 };
    });
    await build(records.slice(0, 3), { alias });
    const before = await openElasticsearchIndex({ server, index: alias });
    const controller = new AbortController();
    const bulk = { maxBytes: 1_000, checkpointEvery: 50, concurrency: 2 };
    const source = [...records, { ...records[0]!, id: recordId("late"), year: 99_999 }];
    const interrupted = build(source, {
      alias,
      bulk,
      signal: controller.signal,
      onProgress: ({ records: done }) => done > 150 && controller.abort(),
    });
    await expect(interrupted).rejects.toMatchObject({ code: "interrupted" });
    expect(await before.search(["copper"], { topK: 10 })).toMatchObject({ ok: true, value: [{ length: 3 }] });
    const result = await build(source, { alias, bulk });
    expect(result).toMatchObject({ documents: 300, rejected: 1, replaced: [`${alias}-000001`] });
    expect(await before.search(["copper"], { topK: 10 })).toMatchObject({ ok: true, value: [{ length: 3 }] });
    const after = await openElasticsearchIndex({ server, index: alias });
    expect(await after.search(["copper"], { topK: 1_000 })).toMatchObject({ ok: true, value: [{ length: 300 }] });
    expect(after.info.documents).toBe(300);
    expect(await after.record(recordId("r7"))).toEqual(records[7]);
    expect(await after.record(recordId("r/7 ü"))).toBeNull();
    await Promise.all([before.close(), after.close()]);
  });
}

/** The same scores in order; the same ids wherever the scores tell them apart. */
function expectEqualHits(actual: readonly SearchHit[], expected: readonly SearchHit[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [place, hit] of expected.entries()) {
    const other = actual[place]!;
    expect(Math.abs(other.score - hit.score)).toBeLessThanOrEqual(tolerance * hit.score);
    const isTied = [expected[place - 1], expected[place + 1]].some(
      (near) => near !== undefined && Math.abs(near.score - hit.score) <= tolerance * hit.score,
    );
    const mayBeCut = place === expected.length - 1;
    if (!isTied && !mayBeCut) expect(other.recordId).toBe(hit.recordId);
  }
}
