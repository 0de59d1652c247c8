import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { LitmusError } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { ManualTime } from "../testing/index.ts";
import { HttpClient } from "./http-client.ts";
import type { Fetch, HttpRequest } from "./http-client.ts";
import { LostReply } from "./lost-reply.ts";

const post: HttpRequest = { method: "POST", path: "/x", body: "{}", contentType: "application/json", repeat: "never" };

interface Played {
  readonly http: HttpClient;
  readonly time: ManualTime;
  readonly sent: RequestInit[];
}

/** A client whose requests meet these answers in turn; a number is a status. */
function play(answers: readonly (number | Error)[], patienceMs = 300_000): Played {
  const [time, sent] = [new ManualTime(), [] as RequestInit[]];
  const fetch: Fetch = async (_url, init) => {
    const answer = answers[Math.min(sent.length, answers.length - 1)] ?? 200;
    sent.push(init);
    if (answer instanceof Error) throw answer;
    return Response.json({ detail: "why" }, { status: answer });
  };
  return {
    http: new HttpClient({ url: "http://test", apiKey: "key", fetch, time, timeoutMs: 1000, patienceMs }),
    time,
    sent,
  };
}

const broken = (code: string): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });

async function errorOf(promise: Promise<unknown>): Promise<LitmusError> {
  return promise.then(
    () => Promise.reject(new Error("it resolved")),
    (error: unknown) => error as LitmusError,
  );
}

describe("http client", () => {
  it("sends key and types, and gives the answer back", async () => {
    const { http, sent } = play([200]);
    const reply = await http.send({ ...post, accept: "application/x-protobuf" });
    expect(JSON.parse(new TextDecoder().decode(reply.bytes))).toEqual({ detail: "why" });
    expect(sent[0]?.headers).toEqual({
      "content-type": "application/json",
      accept: "application/x-protobuf",
      "x-api-key": "key",
    });
  });

  it.each(["ECONNRESET", "UND_ERR_SOCKET", "EPIPE"])(
    "does not send a call twice after %s: it may have been carried out",
    async (code) => {
      const { http, sent } = play([broken(code), 200]);
      const error = await errorOf(http.send(post));
      expect(error).toMatchObject({ code: "unavailable", retryable: true, mayHaveActed: true });
      expect(error.message).toContain("POST /x at http://test");
      expect(sent).toHaveLength(1);
    },
  );

  it.each([408, 502, 503, 504])("does not send a call twice after a gateway's %i", async (status) => {
    const { http, sent } = play([status, 200]);
    expect(await errorOf(http.send(post))).toMatchObject({ code: "unavailable", mayHaveActed: true });
    expect(sent).toHaveLength(1);
  });

  it("sends a call again that certainly did not arrive, or that is safe to repeat", async () => {
    const refused = play([broken("ECONNREFUSED"), broken("ENOTFOUND"), 200]);
    expect((await refused.http.send(post)).status).toBe(200);
    const safe = play([broken("ECONNRESET"), 503, 200]);
    expect((await safe.http.send({ ...post, repeat: "safe" })).status).toBe(200);
    expect([refused.sent.length, safe.sent.length]).toEqual([3, 3]);
  });

  it("does not forget over its last attempt that an earlier one may have acted", async () => {
    const { http } = play([broken("ECONNRESET"), broken("ECONNREFUSED")]);
    const error = await errorOf(http.send({ ...post, repeat: "safe" }));
    expect(error).toMatchObject({ mayHaveActed: true, message: expect.stringContaining("ECONNREFUSED") });
  });

  it.each([425, 429])(
    "comes back later after %i, in doubling steps of at most 30 s, as long as its patience lasts",
    async (status) => {
      const { http, time, sent } = play([status]);
      expect(await errorOf(http.send(post))).toMatchObject({ status });
      expect(time.sleeps.slice(0, 8)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
      expect(time.monotonicMs()).toBeLessThanOrEqual(300_000);
      expect(sent.length).toBe(time.sleeps.length + 1);
    },
  );

  it.each([
    [400, "invalid-input"],
    [401, "invalid-config"],
    [402, "unavailable"],
    [404, "not-found"],
    [409, "conflict"],
    [410, "unavailable"],
    [415, "incompatible"],
    [422, "bug"],
    [500, "unavailable"],
  ])("ends a call with %i as %s, with what the server said and a hint", async (status, code) => {
    const { http, sent } = play([status]);
    const error = await errorOf(http.send({ ...post, repeat: "safe" }));
    expect(error).toMatchObject({ code, status, hint: expect.any(String) });
    expect(error.message).toBe(`the Tinker server answered POST /x with ${status}: why`);
    expect(sent).toHaveLength(1);
  });

  it("takes an expected status for an answer", async () => {
    expect((await play([408]).http.send({ ...post, expect: [408] })).status).toBe(408);
  });

  it("gives up at its deadline, not knowing whether the server acted", async () => {
    const time = new ManualTime();
    const fetch: Fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
        time.expire();
      });
    const http = new HttpClient({ url: "http://test", apiKey: null, fetch, time, timeoutMs: 1000, patienceMs: 0 });
    const error = await errorOf(http.send(post));
    expect(error).toMatchObject({ code: "unavailable", mayHaveActed: true });
    expect(error.message).toContain("no answer within 1000 ms");
  });
});

describe("over a real connection", () => {
  async function withServer(
    listener: RequestListener,
    use: (url: string, server: Server) => Promise<void>,
  ): Promise<void> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  const client = (url: string): HttpClient =>
    new HttpClient({
      url,
      apiKey: null,
      fetch: (to, init) => fetch(to, init),
      time: new ManualTime(),
      timeoutMs: 1000,
      patienceMs: 0,
    });

  it("knows a connection that broke from one that was never made", async () => {
    let port = "";
    await withServer(
      (request) => request.socket.destroy(),
      async (url) => {
        port = url;
        const error = await errorOf(client(url).send(post));
        expect(error).toBeInstanceOf(LostReply);
        expect(error).toMatchObject({ mayHaveActed: true });
      },
    );
    expect(await errorOf(client(port).send(post))).toMatchObject({ mayHaveActed: false });
  });

  it("takes an answer that breaks off for a lost one", async () => {
    await withServer(
      (request, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
        response.write('{"request_id":', () => request.socket.destroy());
      },
      async (url) => expect(await errorOf(client(url).send(post))).toMatchObject({ mayHaveActed: true }),
    );
  });
});
