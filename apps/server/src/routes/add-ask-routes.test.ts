import { askEventSchema, notice, type AskEvent, type AskRequest } from "@litmus/api";
import { LitmusError } from "@litmus/core";
import { afterEach, describe, expect, it } from "vitest";
import type { AskService } from "../app-options.ts";
import { startServer, type RunningServer, type ServerOptions } from "../start-server.ts";

const end = {
  type: "episode-end",
  answer: "CFTR",
  citations: [{ recordId: "100", title: "A title", kind: "cited", url: null, year: 2001 }],
  ending: { type: "stopped", reason: "completed" },
  trajectoryId: "0".repeat(32),
  usage: { prefilledTokens: 40, cachedTokens: 8, sampledTokens: 12, searches: 1 },
  durationMs: 5,
} as const satisfies AskEvent;
const search = { query: "gene", durationMs: 1, failure: null, hits: [] };
const turn = { index: 0, thought: "", actionText: "<search>gene</search>", sampledTokens: 3, tokens: null, search };
const turnEnd: AskEvent = { type: "turn-end", turn: { ...turn, action: { type: "search", query: "gene" } } };

const serviceOf = (ask: AskService["ask"]): AskService => ({
  options: async () => ({ policies: [], reason: null, notice }),
  ask,
});
const answering = serviceOf(async ({ question }, emit) => {
  emit({ type: "episode-start", question });
  emit(turnEnd);
  emit(end);
});

let server: RunningServer | null = null;
const errors: unknown[] = [];
afterEach(async () => {
  await server?.close();
  server = null;
  errors.length = 0;
});

async function serve(options: ServerOptions): Promise<string> {
  server = await startServer({ ...options, onError: (error) => errors.push(error) });
  return server.address;
}

const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});
const events = { accept: "text/event-stream" };

function eventsOf(text: string): { name: string; data: AskEvent }[] {
  return text.split("\n\n").flatMap((piece) => {
    const [, name, data] = /^event: (.+)\ndata: (.+)$/.exec(piece) ?? [];
    return name === undefined || data === undefined ? [] : [{ name, data: askEventSchema.parse(JSON.parse(data)) }];
  });
}

describe("asking", () => {
  it("is refused where there is no policy, which the options say", async () => {
    const address = await serve({});
    expect((await fetch(`${address}/api/ask`, post({ question: "Which gene?" }))).status).toBe(409);
    const options = await (await fetch(`${address}/api/ask`)).json();
    expect(options).toEqual({ policies: [], reason: "this process has no policy to ask", notice });
  });

  it("streams what happens, named by its type", async () => {
    const asked: AskRequest[] = [];
    const address = await serve({
      ask: serviceOf(async (request, emit, signal) => {
        asked.push(request);
        await answering.ask(request, emit, signal);
      }),
    });
    const response = await fetch(`${address}/api/ask`, post({ question: "  which gene?  ", policy: "base" }, events));
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const found = eventsOf(await response.text());
    expect(found.map(({ name }) => name)).toEqual(["episode-start", "turn-end", "episode-end"]);
    expect(found.map(({ data }) => data)).toEqual([{ type: "episode-start", question: "which gene?" }, turnEnd, end]);
    expect(asked).toEqual([{ question: "which gene?", policy: "base" }]);
  });

  it("answers with one line where no events are accepted", async () => {
    const address = await serve({ ask: answering });
    const response = await fetch(`${address}/api/ask`, post({ question: "which gene?" }));
    expect(await response.json()).toEqual({
      type: "answer",
      answer: "CFTR",
      citations: [{ id: "100", title: "A title", kind: "cited", url: null, year: 2001 }],
      turns: 1,
      stopReason: "completed",
      usage: end.usage,
      trajectoryId: end.trajectoryId,
    });
  });

  it("tells a typed failure either way, and hides an untyped one", async () => {
    const failures = [0, 1].flatMap(() => [
      new LitmusError("unavailable", "the policy is busy", { hint: "wait" }),
      new TypeError("x is not a function"),
    ]);
    const address = await serve({ ask: serviceOf(() => Promise.reject(failures.shift())) });
    const typed = { type: "error", code: "unavailable", message: "the policy is busy", hint: "wait" };
    const untyped = { type: "error", code: "bug", message: "the server failed; its own output says why" };
    for (const [status, body] of [
      [503, typed],
      [500, untyped],
    ] as const) {
      const response = await fetch(`${address}/api/ask`, post({ question: "a" }));
      expect([response.status, await response.json()]).toEqual([status, body]);
    }
    for (const body of [typed, untyped]) {
      const response = await fetch(`${address}/api/ask`, post({ question: "a" }, events));
      expect(eventsOf(await response.text())).toEqual([{ name: "error", data: body }]);
    }
    expect(errors).toEqual([new TypeError("x is not a function"), new TypeError("x is not a function")]);
  });

  it("stops the work when the reader goes", async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const address = await serve({
      ask: serviceOf(async (_request, _emit, signal) => {
        asked.resolve(signal);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      }),
    });
    const leaving = new AbortController();
    const response = await fetch(`${address}/api/ask`, { ...post({ question: "a" }, events), signal: leaving.signal });
    const signal = await asked.promise;
    const gone = new Promise((resolve) => signal.addEventListener("abort", resolve));
    leaving.abort();
    await expect(response.text()).rejects.toThrow("abort");
    await gone;
    expect(errors).toEqual([]);
  });

  it("refuses other pages, other forms and too much", async () => {
    const address = await serve({ ask: answering });
    const statusOf = async (init: RequestInit): Promise<number> => (await fetch(`${address}/api/ask`, init)).status;
    const question = { question: "a" };
    for (const origin of ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"])
      expect(await statusOf(post(question, { origin }))).toBe(403);
    expect(await statusOf(post(question, { "sec-fetch-site": "cross-site" }))).toBe(403);
    expect(await statusOf(post(question, { "content-type": "text/plain" }))).toBe(415);
    expect(await statusOf({ ...post(question), body: "{" })).toBe(400);
    for (const wrong of ["", "   ", 1, null, ["a"], "x".repeat(2001)])
      expect(await statusOf(post({ question: wrong }))).toBe(400);
    expect(await statusOf(post({ ...question, extra: 1 }))).toBe(400);
    expect(await statusOf(post({ question: "x".repeat(20_000) }))).toBe(413);
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(" ".repeat(5000))),
    });
    expect(await statusOf({ ...post(question), body: endless, duplex: "half" } as RequestInit)).toBe(413);
    expect(await statusOf(post(question, { origin: address, "sec-fetch-site": "same-origin" }))).toBe(200);
  });
});
