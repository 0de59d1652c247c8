import { inspect } from "node:util";
import type { Outcome } from "@litmus/core";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { EngineHttp } from "./engine-http.ts";
import type { EngineHttpOptions } from "./engine-http.ts";
import { retryAfterMs, retryDelayMs } from "./retry-rule.ts";
import { FakeHttpServer } from "./testing/fake-http-server.ts";
import type { Fault } from "./testing/fake-http-server.ts";

const apiKey = "sk-canary-0123456789";
const answerSchema = z.object({ answer: z.int() });
const servers: FakeHttpServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

interface Setup {
  readonly server: FakeHttpServer;
  readonly http: EngineHttp;
  readonly pausesMs: number[];
  readonly closing: AbortController;
  readonly ask: (signal?: AbortSignal) => Promise<Outcome<{ answer: number }>>;
}

async function setUp(changes: Partial<EngineHttpOptions> = {}, maxRetries = 3): Promise<Setup> {
  const server = await FakeHttpServer.listen(() => ({ status: 200, body: { answer: 42, more: "ignored" } }));
  servers.push(server);
  const pausesMs: number[] = [];
  const closing = new AbortController();
  const sleep = async (milliseconds: number): Promise<void> => void pausesMs.push(milliseconds);
  const retry = { maxRetries, firstDelayMs: 100, longestDelayMs: 30_000, random: () => 0.5, sleep };
  const given = { baseUrl: server.baseUrl, apiKey: null, requestTimeoutMs: 280_000, closing: closing.signal, retry };
  const http = new EngineHttp({ ...given, ...changes });
  const ask = (signal?: AbortSignal): Promise<Outcome<{ answer: number }>> =>
    http.ask({ method: "POST", path: "/ask", body: { question: "?" } }, answerSchema, signal);
  return { server, http, pausesMs, closing, ask };
}

const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? "ok" : outcome.failure.code);
const answerOf = (status: number, body: unknown = { error: "later" }): Fault => ({ type: "answer", status, body });

describe("engine http", () => {
  it("reads what it needs of an answer", async () => {
    const { ask, server } = await setUp();
    expect(await ask()).toEqual({ ok: true, value: { answer: 42 } });
    expect(server.requests).toMatchObject([{ method: "POST", path: "/ask", body: { question: "?" } }]);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it.each([429, 502, 503, 504])("tries again after a %d, with pauses that double", async (status) => {
    const { ask, server, pausesMs } = await setUp();
    server.faults.push(answerOf(status), answerOf(status), answerOf(status));
    expect(await ask()).toEqual({ ok: true, value: { answer: 42 } });
    expect(pausesMs).toEqual([50, 100, 200]);
  });

  it("tries again after a dropped connection", async () => {
    const { ask, server, pausesMs } = await setUp();
    server.faults.push({ type: "drop" }, { type: "drop" });
    expect(codeOf(await ask())).toBe("ok");
    expect(pausesMs).toEqual([50, 100]);
  });

  it.each<[string, number, boolean]>([
    ["engine-busy", 429, true],
    ["engine-busy", 503, true],
    ["engine-failed", 502, true],
  ])("gives up with %s after the last try at a %d", async (code, status, retryable) => {
    const { ask, server } = await setUp({}, 2);
    server.faults.push(...Array.from({ length: 9 }, () => answerOf(status)));
    expect(await ask()).toMatchObject({ ok: false, failure: { boundary: "policy", code, retryable } });
    expect(server.requests).toHaveLength(3);
  });

  it.each<[string, number, boolean]>([
    ["engine-refused-key", 401, false],
    ["engine-refused-key", 403, false],
    ["engine-refused-request", 400, false],
    ["engine-refused-request", 404, false],
    ["engine-failed", 500, true],
  ])("answers %s to a %d at once", async (code, status, retryable) => {
    const { ask, server, pausesMs } = await setUp();
    server.faults.push(answerOf(status));
    expect(await ask()).toMatchObject({ ok: false, failure: { boundary: "policy", code, retryable } });
    expect(pausesMs).toEqual([]);
  });

  it("says where nobody listens", async () => {
    const { ask, server } = await setUp();
    await server.close();
    servers.length = 0;
    const outcome = await ask();
    expect(outcome).toMatchObject({ ok: false, failure: { code: "engine-unreachable", retryable: true } });
    expect(!outcome.ok && outcome.failure.message).toContain("ECONNREFUSED");
  });

  it("waits as long as the engine asks, but never longer than the longest pause", async () => {
    const { ask, server, pausesMs } = await setUp();
    const later = (seconds: string): Fault => ({ ...answerOf(503), headers: { "retry-after": seconds } }) as Fault;
    server.faults.push(later("7"), later("86400"), later("Wed, 21 Oct 2026 07:28:00 GMT"));
    expect(codeOf(await ask())).toBe("ok");
    expect(pausesMs).toEqual([7000, 30_000, 200]);
  });

  it("counts a try without an answer as lost, and does not repeat it", async () => {
    const { ask, server, pausesMs } = await setUp({ requestTimeoutMs: 30 });
    server.faults.push({ type: "hang" });
    const failure = { boundary: "timeout", code: "engine-timed-out", retryable: true };
    expect(await ask()).toMatchObject({ ok: false, failure });
    expect(pausesMs).toEqual([]);
  });

  it("ends a request that its caller gives up, before, within and between tries", async () => {
    const { ask, server } = await setUp();
    expect(codeOf(await ask(AbortSignal.abort()))).toBe("aborted");
    expect(server.requests).toHaveLength(0);
    const within = new AbortController();
    server.faults.push({ type: "hang" });
    server.onRequest = () => within.abort();
    expect(await ask(within.signal)).toMatchObject({ failure: { boundary: "timeout", code: "aborted" } });
    const between = new AbortController();
    server.faults.push(answerOf(503));
    server.onRequest = () => between.abort();
    expect(codeOf(await ask(between.signal))).toBe("aborted");
    expect(server.requests).toHaveLength(2);
  });

  it("ends every request when the policy closes", async () => {
    const { ask, server, closing } = await setUp();
    server.faults.push({ type: "hang" });
    server.onRequest = () => closing.abort();
    expect(await ask()).toMatchObject({ failure: { code: "policy-closed", retryable: false } });
    expect(codeOf(await ask())).toBe("policy-closed");
  });

  it("refuses answers that are not what they should be", async () => {
    const { ask, server } = await setUp();
    for (const body of ["<html>a proxy's page</html>", { answer: "42" }, {}, ""]) {
      server.faults.push(answerOf(200, body));
      expect(codeOf(await ask())).toBe("engine-reply-unreadable");
    }
  });

  it("follows no redirect", async () => {
    const { ask, server } = await setUp({ apiKey }, 0);
    server.faults.push({ type: "answer", status: 307, body: "", headers: { location: `${server.baseUrl}/elsewhere` } });
    expect(codeOf(await ask())).toBe("engine-unreachable");
    expect(server.to("/elsewhere")).toHaveLength(0);
  });

  it("sends the key, and shows it nowhere", async () => {
    const { ask, server, http } = await setUp({ apiKey }, 0);
    expect(codeOf(await ask())).toBe("ok");
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    server.faults.push(answerOf(401, { error: `the key ${apiKey} is not known` }), answerOf(200, `echo ${apiKey}`));
    const messages = [JSON.stringify(await ask()), JSON.stringify(await ask())];
    expect(messages[0]).toContain("the key [key] is not known");
    expect(messages.join() + inspect(http, { depth: 9 }) + JSON.stringify(http)).not.toContain(apiKey);
  });
});

describe("retry rule", () => {
  const sleep = (): Promise<void> => Promise.resolve();
  const rule = (random: number) => ({
    maxRetries: 9,
    firstDelayMs: 100,
    longestDelayMs: 1000,
    random: () => random,
    sleep,
  });

  it("spreads pauses over the whole range below a ceiling that doubles", () => {
    expect([0, 1, 2, 3, 4, 50].map((attempt) => retryDelayMs(rule(0.5), attempt, 0))).toEqual([
      50, 100, 200, 400, 500, 500,
    ]);
    expect(retryDelayMs(rule(0), 3, 0)).toBe(0);
  });

  it("reads seconds only", () => {
    expect([null, "3", " 10 ", "soon", "-1", "1.5"].map(retryAfterMs)).toEqual([0, 3000, 10_000, 0, 0, 0]);
  });
});
