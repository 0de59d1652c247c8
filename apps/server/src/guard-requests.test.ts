import { sessionSchema, type Control } from "@litmus/api";
import { runId } from "@litmus/core";
import { buildRun } from "@litmus/testing";
import { afterEach, describe, expect, it } from "vitest";
import { startServer, type RunningServer, type ServerOptions } from "./start-server.ts";
import type { StoreReader } from "./store-reader.ts";

const token = "0123456789abcdef";
const run = buildRun();
const store = {
  run: async (id) => (id === run.id ? run : null),
  revisions: async () => [{ runId: run.id, revision: 1 }],
} as Partial<StoreReader> as StoreReader;
const stopped: Control = { state: "stopping", actions: [], reason: null, resumeCommand: null };

let server: RunningServer | null = null;
const acted: string[] = [];
afterEach(async () => {
  await server?.close();
  server = null;
  acted.length = 0;
});

/** Answers the status of a request to stop the run. */
async function serve(options: ServerOptions) {
  server = await startServer({
    store,
    control: {
      control: async () => ({ ...stopped, state: "running", actions: ["stop"] }),
      act: async (id, action) => {
        acted.push(`${id} ${action}`);
        return stopped;
      },
    },
    ...options,
  });
  const address = server.address.replace("0.0.0.0", "127.0.0.1");
  const statusOf = async (headers: Record<string, string>, path = "/api/runs/run-1/control"): Promise<number> => {
    const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body: stop };
    return (await fetch(`${address}${path}`, init)).status;
  };
  const session = async (headers: Record<string, string> = {}) =>
    sessionSchema.parse(await (await fetch(`${address}/api/session`, { headers })).json());
  return { address, statusOf, session };
}

const stop = JSON.stringify({ action: "stop" });
const bearer = { authorization: `Bearer ${token}` };

describe("writing", () => {
  it("needs its token also on loopback, where reading needs none", async () => {
    const { address, statusOf, session } = await serve({ writeToken: token });
    expect(await session()).toMatchObject({ needsToken: false, mayWrite: false, canAsk: false });
    expect(await session(bearer)).toMatchObject({ needsToken: false, mayWrite: true });
    for (const wrong of [{}, { authorization: "Bearer 0123456789abcdeX" }, { authorization: token }])
      expect(await statusOf(wrong)).toBe(401);
    expect(acted).toEqual([]);
    expect(await statusOf(bearer)).toBe(200);
    expect(acted).toEqual([`${runId("run-1")} stop`]);
    const refused = await fetch(`${address}/api/runs/run-1/control`, { method: "POST" });
    expect(await refused.json()).toMatchObject({ code: "invalid-input", hint: expect.stringContaining("address") });
  });

  it("is refused to other pages, with the token too", async () => {
    const { address, statusOf } = await serve({ writeToken: token });
    for (const origin of ["http://evil.example", "null", "https://127.0.0.1:1"])
      expect(await statusOf({ ...bearer, origin })).toBe(403);
    expect(await statusOf({ ...bearer, "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await statusOf({ ...bearer, "sec-fetch-site": "same-site" })).toBe(403);
    expect(acted).toEqual([]);
    expect(await statusOf({ ...bearer, origin: address, "sec-fetch-site": "same-origin" })).toBe(200);
  });

  it("is refused to all where nothing may be written", async () => {
    const { statusOf, session } = await serve({ writeToken: null });
    expect(await statusOf(bearer)).toBe(403);
    expect(await session(bearer)).toMatchObject({ mayWrite: false });
    expect(acted).toEqual([]);
  });

  it("takes the page's own origin under the name it was asked by, elsewhere than on loopback", async () => {
    const { statusOf, session } = await serve({ host: "0.0.0.0", token, writeToken: token });
    const { port } = new URL(server!.address);
    expect(await session(bearer)).toMatchObject({ needsToken: true, mayWrite: true });
    expect(await statusOf({ ...bearer, origin: `http://127.0.0.1:${port}` })).toBe(200);
    expect(await statusOf({ ...bearer, origin: "http://evil.example" })).toBe(403);
    expect(await statusOf({})).toBe(401);
  });

  it("takes one token, and none that can be guessed", async () => {
    const two = startServer({ host: "0.0.0.0", token, writeToken: `${token}-other` });
    await expect(two).rejects.toMatchObject({ code: "invalid-config", path: "writeToken" });
    await expect(startServer({ writeToken: "short" })).rejects.toMatchObject({ path: "writeToken" });
  });
});

describe("control", () => {
  it("says what may be done, and refuses what is no action or no run", async () => {
    const { address, statusOf } = await serve({ writeToken: token });
    const known = await (await fetch(`${address}/api/runs/run-1/control`)).json();
    expect(known).toEqual({ ...stopped, state: "running", actions: ["stop"] });
    const post = (body: string) =>
      fetch(`${address}/api/runs/run-1/control`, {
        method: "POST",
        headers: { ...bearer, "content-type": "application/json" },
        body,
      });
    for (const body of ["{", "{}", '{"action":"delete"}', '{"action":"stop","force":true}'])
      expect((await post(body)).status).toBe(400);
    expect(await statusOf(bearer, "/api/runs/absent/control")).toBe(404);
    expect(acted).toEqual([]);
  });

  it("says of a run that this server cannot reach who can", async () => {
    server = await startServer({ store, writeToken: token });
    const answer = await fetch(`${server.address}/api/runs/run-1/control`);
    expect(await answer.json()).toMatchObject({ state: "elsewhere", actions: [] });
    const headers = { ...bearer, "content-type": "application/json" };
    const refused = await fetch(`${server.address}/api/runs/run-1/control`, { method: "POST", headers, body: stop });
    expect(refused.status).toBe(409);
  });
});
