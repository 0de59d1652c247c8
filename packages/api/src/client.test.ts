import { describe, expect, it } from "vitest";
import { ApiError } from "./api-error.ts";
import { createApiClient } from "./client.ts";
import { leaderboardQuery, runsQuery, seriesQuery } from "./queries.ts";
import { addressOf, routes } from "./routes.ts";

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

function clientOf(reply: (sent: Sent) => Response | Promise<Response>, token: string | null = null) {
  const sent: Sent[] = [];
  const client = createApiClient({
    baseUrl: "http://127.0.0.1:1",
    token: () => token,
    fetch: async (url, init = {}) => {
      const one = { url: url instanceof Request ? url.url : String(url), init };
      sent.push(one);
      return reply(one);
    },
  });
  return { client, sent };
}

const session = { version: "1", needsToken: false, mayWrite: true, canAsk: false, notice: "" };

describe("addresses", () => {
  it("encode whatever stands in their parts and parameters", () => {
    const address = addressOf(routes.problem, { runId: "r", problemId: "a/b ?&#ü" });
    expect(address).toBe("/api/runs/r/problems/a%2Fb%20%3F%26%23%C3%BC");
    expect(addressOf(routes.series, {}, { sources: ["a", "seeds:b"], metrics: ["kl"], to: undefined })).toBe(
      "/api/series?sources=a%2Cseeds%3Ab&metrics=kl",
    );
  });

  it("are read back by the schemas of their parameters", () => {
    const read = (address: string) => Object.fromEntries(new URL(address, "http://x").searchParams);
    const series = { sources: ["a", "seeds:b"], metrics: ["kl", "reward"], x: "time", points: 500, from: 1.5 };
    expect(seriesQuery.parse(read(addressOf(routes.series, {}, series)))).toEqual(series);
    expect(runsQuery.parse({ status: "running,failed" })).toMatchObject({ status: ["running", "failed"], limit: 50 });
    expect(() => leaderboardQuery.parse({ sorted: "rank" })).toThrow(/sorted/);
    expect(() => runsQuery.parse({ limit: "-1" })).toThrow(/limit/);
  });
});

describe("the client", () => {
  it("shows the token, sends JSON, and checks what comes", async () => {
    const control = { state: "paused", actions: ["resume", "stop"], reason: null, resumeCommand: null };
    const { client, sent } = clientOf(({ url }) => Response.json(url.endsWith("control") ? control : session), "t");
    expect(await client.session()).toEqual(session);
    expect(await client.control("r", "pause")).toEqual(control);
    expect(new Headers(sent[0]?.init.headers).get("authorization")).toBe("Bearer t");
    expect(sent[1]).toMatchObject({
      url: "http://127.0.0.1:1/api/runs/r/control",
      init: { method: "POST", body: '{"action":"pause"}' },
    });
  });

  it("tells what a refusal says", async () => {
    const body = { type: "error", code: "not-found", message: "there is no such run", hint: "look at /runs" };
    const { client } = clientOf(() => Response.json(body, { status: 404 }));
    await expect(client.run("none")).rejects.toMatchObject({ code: "not-found", status: 404, hint: "look at /runs" });
  });

  it("tells an answer of another form, and one that is no JSON, apart from a server that is gone", async () => {
    const odd = clientOf(() => Response.json({ ...session, mayWrite: "yes" })).client;
    await expect(odd.session()).rejects.toMatchObject({ code: "incompatible" });
    const page = clientOf(() => new Response("<html>")).client;
    await expect(page.session()).rejects.toMatchObject({
      code: "incompatible",
      message: "the server answers /api/session in another form",
    });
    const proxy = clientOf(() => new Response("<html>", { status: 502 })).client;
    await expect(proxy.session()).rejects.toMatchObject({ code: "unavailable", status: 502 });
    const gone = clientOf(() => Promise.reject(new TypeError("fetch failed"))).client;
    const error: unknown = await gone.session().catch((cause: unknown) => cause);
    expect(ApiError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: "unavailable", status: 0 });
  });

  it("names the first place where an answer is of another form, and keeps the others for who asks", async () => {
    const { client } = clientOf(() => Response.json({ ...session, mayWrite: "yes", canAsk: 1 }));
    await expect(client.session()).rejects.toMatchObject({
      message: "the server answers /api/session in another form, first at mayWrite",
      detail: expect.stringMatching(/mayWrite[^]*canAsk/),
    });
  });

  it("passes an abort on", async () => {
    const abort = new AbortController();
    abort.abort(new Error("left"));
    const { client } = clientOf(({ init }) => Promise.reject(init.signal?.reason as Error));
    await expect(client.session(abort.signal)).rejects.toThrow("left");
  });
});
