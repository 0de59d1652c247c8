import { type CorpusRecord, type Retriever, type SearchHit, recordId } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const texts: readonly (readonly [id: string, title: string, text: string])[] = [
  ["r30", "Copper in Wilson disease", "Copper accumulates in the liver. Copper is removed by chelation."],
  ["r31", "Gout", "Allopurinol lowers urate in gout."],
  ["r4", "Twin", "Identical words here rank by id."],
  ["r12", "Twin", "Identical words here rank by id."],
  ["R99", "Twin", "Identical words here rank by id."],
  ["r1_b", "Twin", "Identical words here rank by id."],
  ["r50", "Guillain-Barré syndrome", "Follows Campylobacter enteritis. β-catenin is not involved."],
  ["r51", "肺癌", 'Lung cancer in a Chinese record, with <b>markup</b> & "quotes"\nand a second line.'],
  ["r52", "Liver", "The liver stores copper and iron."],
  ["r53", "", "Febuxostat has no title here."],
];

/** Those that are known. */
const years: Readonly<Record<string, number>> = { r30: 1987 };

/** The corpus of the suite; ids are in no order. */
export const retrieverConformanceRecords: readonly CorpusRecord[] = texts.map(([id, title, text]) => ({
  id: recordId(id),
  title,
  text,
  year: years[id] ?? null,
}));

/** What every retriever promises. @param open indexes the records; the suite closes what it opens */
export function describeRetriever(name: string, open: (records: readonly CorpusRecord[]) => Promise<Retriever>): void {
  describe(`retriever: ${name}`, () => {
    let retriever: Retriever;
    beforeAll(async () => {
      retriever = await open(retrieverConformanceRecords);
    });
    afterAll(() => retriever.close());

    const search = async (queries: readonly string[], topK = 3): Promise<readonly (readonly SearchHit[])[]> => {
      const outcome = await retriever.search(queries, { topK });
      if (!outcome.ok) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
      return outcome.value;
    };
    const idsOf = (hits: readonly SearchHit[] | undefined): string[] => (hits ?? []).map((hit) => hit.recordId);

    it("says what it searches", () => {
      expect(retriever.info).toMatchObject({ documents: texts.length, idSpace: "own" });
      expect(retriever.info.id).toMatch(/^[0-9a-f]{64}$/);
      expect(retriever.info.engine).not.toBe("");
      expect([retriever.info.k1, retriever.info.b].every(Number.isFinite)).toBe(true);
    });

    it("answers each query in its place, and no query with no list", async () => {
      const lists = await search(["allopurinol", "nothing-at-all", "chelation", "allopurinol"]);
      expect(lists.map(idsOf)).toEqual([["r31"], [], ["r30"], ["r31"]]);
      expect(await search([])).toEqual([]);
    });

    it("ranks from 1 by falling score, and shows title and text unchanged", async () => {
      const [hits = []] = await search(["copper liver chelation"], 10);
      expect(idsOf(hits)).toEqual(["r30", "r52"]);
      expect(hits.map((hit) => hit.rank)).toEqual([1, 2]);
      const [first, second] = hits;
      expect(first?.score).toBeGreaterThan(second?.score ?? Number.NaN);
      expect(second?.score).toBeGreaterThan(0);
      expect([first?.year, second?.year]).toEqual([1987, undefined]);
      const [[chinese] = []] = await search(["chinese markup"]);
      expect([chinese?.title, chinese?.text]).toEqual(texts[7]?.slice(1));
      const [[untitled] = []] = await search(["febuxostat"]);
      expect([untitled?.title, untitled?.text]).toEqual(["", texts[9]?.[2]]);
    });

    it("breaks ties by record id in code-unit order, also where topK cuts them", async () => {
      const [all] = await search(["identical words"], 10);
      expect(idsOf(all)).toEqual(["R99", "r12", "r1_b", "r4"]);
      const [cut] = await search(["identical words"], 2);
      expect(idsOf(cut)).toEqual(["R99", "r12"]);
    });

    it("gives at most topK hits, and all when there are fewer", async () => {
      expect((await search(["identical"], 1))[0]).toHaveLength(1);
      expect((await search(["identical"], 1_000))[0]).toHaveLength(4);
    });

    it("finds nothing for a query without words", async () => {
      expect(await search(["", "   \n\t", "?!… -- ()"])).toEqual([[], [], []]);
    });

    it("finds accents, Greek and ideographs", async () => {
      const lists = await search(["guillain-barré", "Β-CATENIN", "肺癌"]);
      expect(lists.map((hits) => idsOf(hits)[0])).toEqual(["r50", "r50", "r51"]);
    });

    it("takes any text as words, never as syntax, and long ones", async () => {
      const awkward = [
        'title:"gout" AND NOT (urate OR *) /lowers/ ~2 ^3 [allopurinol TO z] \\',
        "gout \ud83d \u0000 \u200d \u{1f600}",
        `gout ${"filler ".repeat(20_000)}`,
      ];
      expect((await search(awkward)).map((hits) => idsOf(hits)[0])).toEqual(["r31", "r31", "r31"]);
    });

    it("is deterministic, alone and beside others", async () => {
      const queries = ["copper", "identical words", "gout", "liver iron"];
      const alone = await Promise.all(queries.map((query) => search([query])));
      const together = await search(queries);
      expect(together).toEqual(alone.map(([hits]) => hits));
      expect(await search(queries)).toEqual(together);
    });

    it("resolves with a failure for a topK below 1", async () => {
      for (const topK of [0, -1, 1.5, Number.NaN]) {
        const outcome = await retriever.search(["gout"], { topK });
        expect(outcome).toMatchObject({ ok: false, failure: { boundary: "retrieval", retryable: false } });
      }
    });

    it("resolves with a failure of boundary timeout when aborted", async () => {
      const outcome = await retriever.search(["gout"], { topK: 3, signal: AbortSignal.abort() });
      expect(outcome).toMatchObject({ ok: false, failure: { boundary: "timeout", code: "aborted" } });
      const controller = new AbortController();
      const pending = retriever.search(
        Array.from({ length: 200 }, () => "copper"),
        { topK: 3, signal: controller.signal },
      );
      controller.abort();
      const late = await pending;
      // It may have been done already; half an answer it must not be.
      if (late.ok) expect(late.value).toHaveLength(200);
      else expect(late.failure).toMatchObject({ boundary: "timeout", code: "aborted" });
      expect(await search(["gout"])).toHaveLength(1);
    });

    it("closes, twice if asked, and then fails without rejecting", async () => {
      const own = await open(retrieverConformanceRecords);
      await own.close();
      await own.close();
      expect(await own.search(["gout"], { topK: 3 })).toMatchObject({ ok: false, failure: { boundary: "retrieval" } });
    });
  });
}
