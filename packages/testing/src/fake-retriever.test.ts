import { describe, expect, it } from "vitest";
import { createFakeRetriever } from "./fake-retriever.ts";
import { describeRetriever, retrieverConformanceRecords } from "./retriever-conformance.ts";

describeRetriever("fake", async (records) => createFakeRetriever({ records }));

describe("createFakeRetriever", () => {
  const records = retrieverConformanceRecords;

  it("fails every n-th call and where told to, and keeps the calls", async () => {
    const retriever = createFakeRetriever({ records, failEvery: 3, failOn: (query) => query.includes("poison") });
    const queries = ["gout", "poison", "gout", "gout"];
    const results: boolean[] = [];
    for (const query of queries) results.push((await retriever.search([query], { topK: 1 })).ok);
    expect(results).toEqual([true, false, false, true]);
    expect(retriever.calls).toEqual(queries.map((query) => [query]));
  });

  it("gives the failure it was given", async () => {
    const failure = { boundary: "retrieval", code: "overloaded", message: "busy", retryable: false } as const;
    const retriever = createFakeRetriever({ records, failEvery: 1, failure });
    expect(await retriever.search(["gout"], { topK: 1 })).toEqual({ ok: false, failure });
  });

  it("is as slow as asked, until it is aborted", async () => {
    const retriever = createFakeRetriever({ records, delayMs: 60_000 });
    const start = performance.now();
    const outcome = await retriever.search(["gout"], { topK: 1, signal: AbortSignal.timeout(20) });
    expect(outcome).toMatchObject({ ok: false, failure: { boundary: "timeout" } });
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
