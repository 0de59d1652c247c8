/** @file The questions of real users over real records: a search server finds what the embedded index finds. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Retriever, SearchHit } from "@litmus/core";
import { bioasqFields, readProblems, readRecords } from "@litmus/corpus";
import { buildElasticsearchIndex, buildIndex, openElasticsearchIndex, openIndex } from "@litmus/retrieval";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Beside the repository; not part of it. */
const data = resolve(import.meta.dirname, "../../../../shared/data");
const isThere = ["pubmed-corpus.jsonl.gz", "bioasq-factoid-dev.jsonl"].every((name) => existsSync(join(data, name)));
const bm25 = { preset: "anserini" } as const;
const topK = 3;
/** Of two scores, relative: they are rounded to 32 bits on different ways. */
const tolerance = 1e-5;

const servers = [
  ["elasticsearch", process.env["LITMUS_TEST_ELASTICSEARCH"]],
  ["opensearch", process.env["LITMUS_TEST_OPENSEARCH"]],
] as const;

let folder: string;
let embedded: Retriever;
let questions: readonly string[];

const records = () => readRecords({ path: join(data, "pubmed-corpus.jsonl.gz"), idSpace: "pubmed" });

describe.skipIf(!isThere)("588 questions of the development data", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "litmus-servers-"));
    const problems = await readProblems({
      path: join(data, "bioasq-factoid-dev.jsonl"),
      fields: bioasqFields,
      idPrefix: "bioasq:",
    });
    questions = problems.map(({ question }) => question);
    const directory = join(folder, "embedded");
    await buildIndex({ records: records(), directory, name: "development", idSpace: "pubmed" });
    embedded = await openIndex(directory, bm25);
  });
  afterAll(async () => {
    await embedded.close();
    await rm(folder, { recursive: true });
  });

  it.skipIf(servers[0][1] === undefined)(
    "find the same three records on Elasticsearch (LITMUS_TEST_ELASTICSEARCH)",
    () => expectSame(servers[0]),
  );
  it.skipIf(servers[1][1] === undefined)("find the same three records on OpenSearch (LITMUS_TEST_OPENSEARCH)", () =>
    expectSame(servers[1]),
  );
});

async function expectSame([flavor, url]: (typeof servers)[number]): Promise<void> {
  const server = { url: url ?? "", flavor };
  const alias = `litmus-questions-${process.pid}`;
  const { index } = await buildElasticsearchIndex({
    server,
    alias,
    name: "development",
    idSpace: "pubmed",
    bm25,
    records: records(),
    deadLetterPath: join(folder, `${flavor}.jsonl`),
  });
  const remote = await openElasticsearchIndex({ server, index });
  const [ours, theirs] = await Promise.all([hitsOf(embedded), hitsOf(remote)]);
  await remote.close();
  expect((await fetch(new URL(index, url), { method: "DELETE" })).ok).toBe(true);
  const different = questions.filter((_, place) => !isSame(ours[place] ?? [], theirs[place] ?? []));
  expect(questions).toHaveLength(588);
  expect(different).toEqual([]);
}

async function hitsOf(retriever: Retriever): Promise<readonly (readonly SearchHit[])[]> {
  const outcome = await retriever.search(questions, { topK });
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}

/** The same scores in order; the same records wherever the scores tell them apart. */
function isSame(ours: readonly SearchHit[], theirs: readonly SearchHit[]): boolean {
  if (ours.length !== theirs.length) return false;
  const isNear = (a: number | undefined, b: number): boolean => a !== undefined && Math.abs(a - b) <= tolerance * b;
  return ours.every(({ recordId, score }, place) => {
    const other = theirs[place] as SearchHit;
    const isTied = isNear(ours[place - 1]?.score, score) || isNear(ours[place + 1]?.score, score);
    return isNear(other.score, score) && (isTied || place === topK - 1 || other.recordId === recordId);
  });
}
