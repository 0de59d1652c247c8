import { type CorpusRecord, recordId } from "@litmus/core";
import { openRetrieveClient } from "@litmus/retrieval";
import { createFakeRetriever, describeRetriever } from "@litmus/testing";
import { afterAll, describe, expect, it } from "vitest";
import { type RunningServer, startServer } from "../start-server.ts";
import { cacheHits } from "./cache-hits.ts";
import type { RetrieveOptions } from "./add-retrieve-route.ts";

const record = (id: string, title: string, text: string): CorpusRecord => ({
  id: recordId(id),
  title,
  text,
  year: null,
});
const records = [
  record("11", "Copper", "Copper is stored\nin the liver."),
  record("12", "Liver", "The liver stores copper."),
  record("13", "Gout", "Urate."),
];

/** A server over a fake retriever, and what a test asks of it. */
async function serve(options: Partial<RetrieveOptions> = {}) {
  const retriever = createFakeRetriever({ records, info: { idSpace: "pubmed" } });
  const server = await startServer({ retrieve: { retriever, ...options } });
  const post = async (body: unknown, headers: Record<string, string> = { "content-type": "application/json" }) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(`${server.address}/retrieve`, { method: "POST", headers, body: text });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { retriever, server, post, [Symbol.asyncDispose]: () => server.close() };
}

describe("through the server and its client", () => {
  const servers: RunningServer[] = [];
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  describeRetriever("/retrieve", async (corpus) => {
    const server = await startServer({ retrieve: { retriever: createFakeRetriever({ records: corpus }) } });
    servers.push(server);
    return openRetrieveClient({ url: server.address });
  });
});

describe("POST /retrieve", () => {
  const copper = {
    id: "11",
    pmid: "11",
    title: "Copper",
    text: "Copper is stored\nin the liver.",
    contents: "Copper\nCopper is stored\nin the liver.",
  };

  it("answers each query in its place, with scores or bare documents", async () => {
    await using served = await serve();
    const scored = await served.post({ queries: ["copper", "absent"], topk: 1, return_scores: true });
    expect(scored).toEqual({ status: 200, body: { result: [[{ document: copper, score: 1 }], []] } });
    expect((await served.post({ queries: ["copper"], topk: 1 })).body).toEqual({ result: [[copper]] });
    expect((await served.post({ queries: [] })).body).toEqual({ result: [] });
  });

  it("takes one query as a text, no topk as 3, and no more than its limit", async () => {
    await using served = await serve({ maxTopK: 1 });
    expect((await served.post({ query: "copper", topk: 50, other: 1 })).body).toEqual({ result: [[copper]] });
    await using wide = await serve();
    const lengthOf = async (topk: unknown) => {
      const { body } = await wide.post({ queries: ["copper liver urate"], topk });
      return (body["result"] as unknown[][])[0]?.length;
    };
    expect([await lengthOf(null), await lengthOf(0), await lengthOf(2)]).toEqual([3, 3, 2]);
  });

  it("serves the one line of PaperSearchQA's corpus, if told to, and texts as they are", async () => {
    await using served = await serve({ contents: "compat" });
    const { body } = await served.post({ queries: ["urate", "copper stored"], topk: 1 });
    const [[gout] = [], [first] = []] = body["result"] as { contents: string; text: string }[][];
    expect(gout?.contents).toBe("TITLE: Gout. ABSTRACT: Urate.");
    expect(first?.contents).toBe("TITLE: Copper. ABSTRACT: Copper is stored in the liver.");
    expect(first?.text).toBe(copper.text);
  });

  it.each([
    ["no JSON", "{"],
    ["no queries", {}],
    ["other queries", { queries: [1] }],
    ["a topk below 0", { queries: ["a"], topk: -1 }],
    ["a part of a hit", { queries: ["a"], topk: 1.5 }],
    ["too many queries", { queries: Array.from({ length: 1_025 }, () => "a") }],
  ])("refuses %s with 422", async (_, body) => {
    await using served = await serve();
    expect(await served.post(body)).toMatchObject({ status: 422, body: { type: "error", code: "invalid-input" } });
    expect(served.retriever.calls).toHaveLength(0);
  });

  it("refuses another type with 415 and too many bytes with 413", async () => {
    await using served = await serve();
    expect((await served.post({ queries: ["a"] }, { "content-type": "text/plain" })).status).toBe(415);
    expect((await served.post({ queries: ["a".repeat(5 * 1024 * 1024)] })).status).toBe(413);
  });

  it("gives a failure, never an empty list", async () => {
    const failing = createFakeRetriever({ records, failEvery: 1 });
    await using served = await serve({ retriever: failing });
    expect(await served.post({ queries: ["copper"] })).toMatchObject({ status: 503, body: { code: "unavailable" } });
    await using slow = await serve({ retriever: createFakeRetriever({ records, delayMs: 600_000 }), timeoutMs: 1 });
    expect((await slow.post({ queries: ["copper"] })).status).toBe(504);
  });

  it("counts the first 1,024 words of a query", async () => {
    await using served = await serve();
    await served.post({ queries: [`${"word ".repeat(1_023)}last beyond`] });
    expect(served.retriever.calls[0]?.[0]).toBe(`${"word ".repeat(1_023)}last`);
  });

  it("says at /health what it searches and how much it gives", async () => {
    await using served = await serve();
    const response = await fetch(`${served.server.address}/health`);
    const { info } = served.retriever;
    expect(await response.json()).toEqual({
      status: "ok",
      service: "litmus",
      index: { ...info },
      limits: {
        topk: 100,
        queries: 1024,
      },
    });
  });
});

describe("the cache", () => {
  it("asks once for equal queries, and again for another number of hits or one forgotten", async () => {
    const retriever = createFakeRetriever({ records });
    const cached = cacheHits(retriever, 2);
    const first = await cached.search(["copper", "gout", "copper"], { topK: 1 });
    expect(await cached.search(["copper", "gout", "copper"], { topK: 1 })).toEqual(first);
    expect(first.ok && first.value.map(([hit]) => hit?.recordId)).toEqual(["11", "13", "11"]);
    await cached.search(["gout"], { topK: 2 });
    await cached.search(["copper"], { topK: 1 });
    expect(retriever.calls).toEqual([["copper", "gout"], ["gout"], ["copper"]]);
  });

  it("does not remember a failure", async () => {
    const cached = cacheHits(createFakeRetriever({ records, failEvery: 2 }), 10);
    await cached.search(["gout"], { topK: 1 });
    expect((await cached.search(["copper"], { topK: 1 })).ok).toBe(false);
    expect((await cached.search(["copper"], { topK: 1 })).ok).toBe(true);
  });
});

describe("the client of this server", () => {
  it("fails when the server's limit may have cut the hits, and only then", async () => {
    await using served = await serve({ maxTopK: 2 });
    const client = await openRetrieveClient({ url: served.server.address });
    const cut = await client.search(["copper"], { topK: 5 });
    expect(cut).toMatchObject({ ok: false, failure: { code: "invalid-top-k" } });
    expect(await client.search(["urate"], { topK: 5 })).toMatchObject({ ok: true });
  });

  it("is refused by a server that says nothing of its index, and by none", async () => {
    const plain = await startServer({});
    await expect(openRetrieveClient({ url: plain.address })).rejects.toMatchObject({ code: "incompatible" });
    await plain.close();
    await expect(openRetrieveClient({ url: plain.address })).rejects.toMatchObject({ code: "unavailable" });
  });
});
