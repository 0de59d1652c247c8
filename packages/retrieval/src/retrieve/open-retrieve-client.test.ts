import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Retriever } from "@litmus/core";
import { createFakeRetriever } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRetrieveClient } from "./open-retrieve-client.ts";

describe("a client of POST /retrieve", () => {
  type Reply = { readonly status: number; readonly body: string } | "drop";
  const replies: Reply[] = [];
  const seen: { body: unknown; authorization: string | undefined }[] = [];
  let address = "";
  const server = createServer((request, response) => void reply(request, response));
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push({ body: JSON.parse(Buffer.concat(chunks).toString()), authorization: request.headers.authorization });
    const next = replies.shift() ?? { status: 200, body: '{"result":[[]]}' };
    if (next === "drop") return void request.socket.destroy();
    response.writeHead(next.status, { location: "/elsewhere" }).end(next.body);
  };
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const { info } = createFakeRetriever({ records: [] });
  const timing = {
    monotonicMs: () => 0,
    uniform: () => 0,
    // Retries wait no time; the deadline never comes.
    wait: (milliseconds: number) => (milliseconds === 0 ? Promise.resolve() : new Promise<void>(() => undefined)),
  };
  const open = (): Promise<Retriever> => openRetrieveClient({ url: address, token: "a-token", info, timing });
  const result = (...documents: unknown[]): Reply => {
    return { status: 200, body: JSON.stringify({ result: [documents.map((document) => ({ document, score: 2 }))] }) };
  };

  it("reads the documents of Search-R1's and PaperSearchQA's servers, and always asks for scores", async () => {
    replies.push(
      result(
        { id: 7, contents: '"A title"\nA text\nof two lines' },
        { id: "8", contents: "TITLE: Gout. ABSTRACT: Urate: high." },
        { id: 9, pmid: 123, title: "T", text: "t", contents: "other" },
      ),
    );
    const client = await open();
    const outcome = await client.search(["a"], { topK: 5 });
    expect(outcome).toEqual({
      ok: true,
      value: [
        [
          { recordId: "7", rank: 1, score: 2, title: "A title", text: "A text\nof two lines" },
          { recordId: "8", rank: 2, score: 2, title: "Gout", text: "Urate: high." },
          { recordId: "123", rank: 3, score: 2, title: "T", text: "t" },
        ],
      ],
    });
    const body = { queries: ["a"], topk: 5, return_scores: true };
    expect(seen.at(-1)).toEqual({ body, authorization: "Bearer a-token" });
  });

  it("tries again what may succeed later", async () => {
    replies.push({ status: 503, body: "" }, "drop", { status: 429, body: "" });
    const before = seen.length;
    expect(await (await open()).search(["a"], { topK: 1 })).toEqual({ ok: true, value: [[]] });
    expect(seen.length - before).toBe(4);
  });

  it.each<[string, Reply, string]>([
    ["no JSON", { status: 200, body: "<html>" }, "search-malformed-answer"],
    ["bare documents", { status: 200, body: '{"result":[[{"id":"1"}]]}' }, "search-malformed-answer"],
    ["too few lists", { status: 200, body: '{"result":[]}' }, "search-malformed-answer"],
    ["a document without text", result({ id: 1 }), "search-malformed-answer"],
    ["a refusal", { status: 422, body: '{"message":"no search request"}' }, "search-rejected"],
    ["a refusal of the token", { status: 401, body: "" }, "search-unauthorized"],
  ])("fails at once on %s", async (_, reply, code) => {
    replies.push(reply);
    const before = seen.length;
    const outcome = await (await open()).search(["a"], { topK: 1 });
    expect(outcome).toMatchObject({ ok: false, failure: { boundary: "retrieval", code, retryable: false } });
    expect(seen.length - before).toBe(1);
  });

  it("does not follow a redirection", async () => {
    replies.push(...Array.from({ length: 4 }, () => ({ status: 307, body: "" })));
    expect(await (await open()).search(["a"], { topK: 1 })).toMatchObject({ ok: false });
  });
});
