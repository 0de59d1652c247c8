import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CorpusRecord, recordId } from "@litmus/core";
import { describeRetriever } from "@litmus/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLuceneGolden } from "../golden-fixture.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { buildIndex } from "./build-index.ts";
import { decodeLength, encodeLength } from "./length-byte.ts";
import { openIndex } from "./open-index.ts";
import { bm25Presets } from "./scoring.ts";
import { TermDictionary, TermDictionaryWriter } from "./term-dictionary.ts";
import { TopHits } from "./top-hits.ts";

const golden = readLuceneGolden();
let folder = "";
let built = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-retrieval-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function build(records: readonly CorpusRecord[], segmentPostings?: number): Promise<string> {
  const directory = join(folder, `index-${built++}`);
  const small = segmentPostings === undefined ? {} : { segmentPostings };
  await buildIndex({ records, directory, name: "test", idSpace: "own", ...small });
  return directory;
}

describeRetriever("bm25", async (records) => openIndex(await build(records), { preset: "anserini" }));

describe("against Lucene", () => {
  const records = golden.documents.map(({ id, title, text }) => ({ id: recordId(id), title, text, year: null }));

  it("codes lengths alike", () => {
    expect(golden.norms.decoded.map((_, byte) => decodeLength(byte))).toEqual(golden.norms.decoded);
    const ours = golden.norms.encoded.map(([length]) => [length, encodeLength(length)]);
    expect(ours).toEqual(golden.norms.encoded);
  });

  it.each(["anserini", "elasticsearch"] as const)("gives the same hits with the same scores: %s", async (preset) => {
    // Given in another order and in tiny segments, which must not matter.
    const index = await openIndex(await build(records.toReversed(), 50), { preset });
    const outcome = await index.search(
      golden.queries.map(({ query }) => query),
      { topK: 10 },
    );
    await index.close();
    if (!outcome.ok) throw new Error(outcome.failure.message);
    const ours = outcome.value.map((hits) => hits.map((hit) => [hit.recordId, hit.score]));
    const theirs = golden.queries.map((query) => query[preset].map(([id, score]) => [id, Math.fround(score)]));
    expect(theirs.flat().length).toBeGreaterThan(250);
    expect(ours).toEqual(theirs);
  });
});

describe("search", () => {
  const word = fc.constantFrom("alpha", "beta", "gamma", "delta", "kappa", "the", "mutations", "mutation");
  const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(" "));

  it("equals the formula over all documents, ties by id, for any corpus and query", async () => {
    const corpora = fc.array(text, { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(corpora, text, fc.integer({ min: 1, max: 30 }), async (texts, query, topK) => {
        const records = texts.map((each, index) => ({ id: recordId(`d${index}`), title: "", text: each, year: null }));
        const index = await openIndex(await build(records, 7), { preset: "elasticsearch" });
        const outcome = await index.search([query], { topK });
        await index.close();
        if (!outcome.ok) throw new Error(outcome.failure.message);
        const expected = scoreByFormula(texts, query, topK);
        const [hits = []] = outcome.value;
        expect(hits.map((hit) => hit.recordId)).toEqual(expected.map(({ id }) => id));
        for (const [place, hit] of hits.entries()) expect(hit.score).toBeCloseTo(expected[place]?.score ?? 0, 4);
      }),
      { numRuns: 60 },
    );
  });

  it("takes 1,024 terms of a query and no more", async () => {
    const records = [{ id: recordId("a"), title: "late", text: "early", year: null }];
    const index = await openIndex(await build(records), { k1: 1, b: 0 });
    const filler = "filler ".repeat(1_023);
    const outcome = await index.search([`${filler} late`, `${filler} filler late`], { topK: 1 });
    expect(outcome).toMatchObject({ ok: true, value: [[{ recordId: "a" }], []] });
    expect(index.info).toMatchObject({ engine: "litmus-bm25", k1: 1, b: 0, documents: 1, name: "test" });
    await index.close();
  });

  it.each([
    { k1: -1, b: 0.5 },
    { k1: 1, b: 1.5 },
    { k1: Number.NaN, b: 0 },
  ])("refuses %o", async (choice) => {
    await expect(openIndex(folder, choice)).rejects.toMatchObject({ code: "invalid-config" });
  });
});

/** BM25 in 64 bits over words split at spaces, with the length as its byte stands for it. */
function scoreByFormula(texts: readonly string[], query: string, topK: number): { id: string; score: number }[] {
  const { k1, b } = bm25Presets.elasticsearch;
  const toTerms = (each: string): string[] =>
    each
      .split(" ")
      .filter((word) => word !== "" && word !== "the")
      .map((word) => word.replace(/^mutations?$/, "mutat"));
  const documents = texts.map(toTerms);
  const filled = documents.filter((terms) => terms.length > 0);
  const average = filled.reduce((sum, terms) => sum + terms.length, 0) / filled.length;
  const scored = documents.map((terms, index) => {
    const norm = k1 * (1 - b + (b * decodeLength(encodeLength(terms.length))) / average);
    let score = 0;
    for (const term of toTerms(query)) {
      const frequency = terms.filter((each) => each === term).length;
      const withTerm = filled.filter((each) => each.includes(term)).length;
      score += (Math.log(1 + (filled.length - withTerm + 0.5) / (withTerm + 0.5)) * frequency) / (frequency + norm);
    }
    // Ties are ties in 32 bits; equal documents are equal there and here.
    return { id: `d${index}`, score: Math.round(score * 1e5) / 1e5 };
  });
  const byScore = (x: (typeof scored)[number], y: (typeof scored)[number]): number =>
    y.score - x.score || (x.id < y.id ? -1 : 1);
  return scored
    .filter(({ score }) => score > 0)
    .toSorted(byScore)
    .slice(0, topK);
}

describe("records", () => {
  it("are found by id, over several blocks, in the order asked", async () => {
    const records = Array.from({ length: 100 }, (_, index) => ({
      id: recordId(`${index * 7}`),
      title: `Title ${index}`,
      text: index === 3 ? "Line one\nline two\u2028 \ud83d\ude00" : `Text ${index}`,
      year: index % 2 === 0 ? 1900 + index : null,
    }));
    const index = await openIndex(await build(records), { preset: "anserini" });
    expect(index.recordIds()).toEqual(records.map(({ id }) => id).toSorted());
    for (const each of records) expect(await index.record(each.id)).toEqual(each);
    const some = ["21", "nope", "0", "693", "21"].map(recordId);
    expect(await index.records(some)).toEqual([records[3], null, records[0], records[99], records[3]]);
    await index.close();
    await expect(index.record(recordId("0"))).rejects.toMatchObject({ code: "invalid-input" });
  });
});

describe("parts", () => {
  it("TermDictionary finds every term and no other", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), { maxLength: 200 }),
        (list) => {
          const terms = list.filter((term) => term.isWellFormed()).sort((a, b) => (a < b ? -1 : 1));
          const writer = new TermDictionaryWriter();
          for (const [place, term] of terms.entries()) writer.add(term, place + 1, place * 3);
          const dictionary = new TermDictionary(writer.finish(), "terms");
          let offset = 0;
          for (const [place, term] of terms.entries()) {
            expect(dictionary.find(term)).toEqual({ documents: place + 1, offset, bytes: place * 3 });
            offset += place * 3;
            for (const near of [`${term}\u0001`, term.slice(0, -1), `a${term}`]) {
              if (!terms.includes(near)) expect(dictionary.find(near)).toBeUndefined();
            }
          }
        },
      ),
    );
  });

  it("ByteWriter and ByteReader agree, and the reader stops at the end", () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), (values) => {
        const writer = new ByteWriter(1);
        for (const value of values) writer.varint(value);
        const reader = new ByteReader(writer.take(), "bytes");
        expect(values.map(() => reader.varint())).toEqual(values);
        expect(() => reader.varint()).toThrow(/ends in the middle/);
      }),
    );
  });

  it("TopHits keeps what sorting everything would keep", () => {
    const scores = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 50 }), fc.gen(), (list, limit, gen) => {
        const entries = list.map((score, document) => ({ document, score }));
        const top = new TopHits(limit);
        for (const { document, score } of gen(fc.shuffledSubarray, entries, { minLength: entries.length })) {
          top.offer(document, score);
        }
        const sorted = entries.toSorted((a, b) => b.score - a.score || a.document - b.document);
        expect(top.sorted()).toEqual(sorted.slice(0, limit));
      }),
    );
  });
});
