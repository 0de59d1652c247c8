import { connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { policyVersion, sha256 } from "@litmus/core";
import type { TrajectoryStore } from "@litmus/core";
import { openMemoryStore } from "@litmus/store";
import { buildProblem, buildRun, buildStoredTrajectory } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer } from "./start-server.ts";
import type { RunningServer } from "./start-server.ts";

const run = buildRun({ config: { index: join(homedir(), "indexes", "mini") } });
const entries = Array.from({ length: 5 }, (_, member) => buildStoredTrajectory({ key: { member } }));
let store: TrajectoryStore;
let server: RunningServer;
const errors: unknown[] = [];

beforeAll(async () => {
  store = await openMemoryStore();
  await store.saveRun(run);
  await store.saveProblems(run.id, "train", [buildProblem()]);
  await store.saveTrajectories(entries);
  await store.saveMetrics([{ runId: run.id, stage: "rl", step: 1, name: "kl", value: NaN }]);
  await store.savePolicyVersion({
    runId: run.id,
    version: policyVersion(1),
    adapter: { version: policyVersion(1), path: join(homedir(), "a.gguf"), sha256: sha256("a") },
    parentSha256: null,
    stage: "rl",
    step: 1,
  });
  server = await startServer({ store, onError: (error) => errors.push(error) });
});
afterAll(async () => {
  await server.close();
  await store.close();
});

interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
  readonly text: string;
}

async function call(path: string, init?: RequestInit, address = server.address): Promise<Answered> {
  const response = await fetch(`${address}${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: JSON.parse(text) as Record<string, unknown>,
  };
}

/** The status line of a request written by hand: fetch lets no one choose the Host header. */
function raw(lines: readonly string[]): Promise<string> {
  const port = Number(new URL(server.address).port);
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`));
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
  });
}

describe("reading", () => {
  it("answers every route with JSON that no page can take for its own", async () => {
    const paths = [
      "/health",
      "/store/runs",
      "/store/runs/run-1",
      "/store/runs/run-1/metrics",
      "/store/runs/run-1/trajectories",
      "/absent",
    ];
    for (const path of paths) {
      const { headers } = await call(path);
      expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
    expect((await call("/health")).body).toEqual({ status: "ok", service: "litmus" });
  });

  it("gives runs, one run, metrics and a trajectory", async () => {
    const shown = { ...run, config: { index: "~/indexes/mini" } };
    expect((await call("/store/runs")).body).toEqual({ runs: [shown] });
    const one = (await call("/store/runs/run-1")).body;
    expect(one).toMatchObject({ run: shown, checkpoints: [], evaluations: [] });
    expect((await call("/store/runs/run-1/metrics")).body).toEqual({
      metrics: [{ runId: "run-1", stage: "rl", step: 1, name: "kl", value: "NaN" }],
    });
    const [entry] = entries;
    expect((await call(`/store/trajectories/${entry!.id}`)).body).toEqual({ trajectory: entry });
    expect((await call("/store/runs/run-1/problems/problem-1")).body).toEqual({ problem: buildProblem() });
  });

  it("pages trajectories and says how many there are", async () => {
    const { body } = await call("/store/runs/run-1/trajectories?stage=rl&step=0&purpose=train&offset=1&limit=2");
    expect(body).toEqual({ trajectories: entries.slice(1, 3), offset: 1, limit: 2, total: 5 });
    expect((await call("/store/runs/run-1/trajectories?stage=other")).body).toMatchObject({
      trajectories: [],
      total: 0,
    });
    expect((await call("/store/runs/run-1/rollouts")).body).toEqual({ rollouts: entries.map((entry) => entry.key) });
  });

  it.each([
    "limit=0",
    "limit=101",
    "limit=-1",
    "limit=1e1",
    "limit=",
    "limit=99999999999",
    "offset=-1",
    "offset=1.5",
    "offset=NaN",
    "step=x",
    "step=2147483648",
    "purpose=other",
    "purpose=",
    "stage=",
    `stage=${"x".repeat(201)}`,
    "runId=run-2",
    "__proto__=1",
  ])("refuses ?%s", async (query) => {
    const { status, body } = await call(`/store/runs/run-1/trajectories?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: "error", code: "invalid-input" });
  });

  it.each([
    "/store/latest-metrics",
    "/store/latest-metrics?runs=",
    "/store/evaluations?runs=run-1,RUN",
    "/store/rollout-totals?runs=run-1&step=1",
    `/store/rollout-totals?runs=${Array.from({ length: 91 }, (_, index) => `run-${index}`).join(",")}`,
    "/store/runs/run-1/summaries?isFailed=1",
    "/store/runs/run-1/summaries?limit=1001",
    "/store/runs/run-1/problems?part=train",
    "/store/trajectories/ABC/trained",
  ])("refuses %s", async (path) => {
    const { status, body } = await call(path);
    expect([status, body.code]).toEqual([400, "invalid-input"]);
  });

  it.each([
    "/store/runs/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/store/runs/..%2F..%2Fetc%2Fpasswd",
    "/store/runs/run-1%00",
    "/store/runs/RUN",
    `/store/runs/${"a".repeat(81)}`,
    "/store/runs/%E0%A4%A",
    "/store/trajectories/'%20OR%201=1--",
    "/store/trajectories/%3Cimg%20src=x%20onerror=alert(1)%3E",
    "/store/trajectories/ABCDEF0123456789ABCDEF0123456789",
  ])("refuses the id of %s, without repeating it", async (path) => {
    const { status, text } = await call(path);
    expect(status).toBe(400);
    expect(text).not.toMatch(/script|onerror|passwd|OR 1/);
  });

  it("says not found for what is not there, and offers no way to write", async () => {
    const paths = [
      "/",
      "/api",
      "/store/runs/absent",
      "/store/runs/absent/metrics",
      "/store/runs/absent/rollouts",
      `/store/trajectories/${"0".repeat(32)}`,
    ];
    for (const path of [...paths, "/store/runs/absent/trajectories", "/store/runs/run-1/problems/absent"]) {
      const { status, body } = await call(path);
      expect([path, status]).toEqual([path, 404]);
      expect(body).toMatchObject({ type: "error", code: "not-found" });
    }
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      for (const path of ["/store/runs", "/store/runs/run-1", "/store/trajectories"]) {
        expect((await call(path, { method })).status).toBe(404);
      }
    }
  });

  it("hides the home folder everywhere", async () => {
    for (const path of ["/store/runs", "/store/runs/run-1"]) expect((await call(path)).text).not.toContain(homedir());
    expect((await call("/store/runs/run-1")).text).toContain("~/a.gguf");
  });

  it("keeps what went wrong inside, and hands it to its owner", async () => {
    const broken = { ...store, runs: () => Promise.reject(new Error(`ENOENT ${homedir()}/secret`)) };
    const failing = await startServer({ store: broken, onError: (error) => errors.push(error) });
    const { status, text, body } = await call("/store/runs", undefined, failing.address);
    await failing.close();
    expect(status).toBe(500);
    expect(body).toEqual({ type: "error", code: "bug", message: "the server failed; its own output says why" });
    expect(text).not.toMatch(/secret|at .*\.ts/);
    expect(errors).toHaveLength(1);
  });
});

describe("who may ask", () => {
  it.each(["127.0.0.1", "localhost", "[::1]"])("answers to the name %s with its port", async (name) => {
    const { port } = new URL(server.address);
    expect(await raw(["GET /health HTTP/1.1", `Host: ${name}:${port}`])).toMatch(/^HTTP\/1.1 200/);
  });

  it.each([
    "evil.example",
    "evil.example:PORT",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1:PORT.evil.example",
    "localhost:PORT@evil.example",
    "0.0.0.0:PORT",
  ])("refuses the Host header %s", async (host) => {
    const { port } = new URL(server.address);
    const answer = await raw(["GET /store/runs HTTP/1.1", `Host: ${host.replace("PORT", port)}`]);
    expect(answer).toMatch(/^HTTP\/1.1 (403|400)/);
    expect(answer).not.toContain("run-1");
  });

  it("refuses a request without a Host header", async () => {
    expect(await raw(["GET /store/runs HTTP/1.0"])).toMatch(/^HTTP\/1.1 (403|400)/);
  });

  it("listens on loopback only, unless every request shows a token", async () => {
    await expect(startServer({ store, host: "0.0.0.0" })).rejects.toMatchObject({ code: "invalid-config" });
    const short = startServer({ store, host: "0.0.0.0", token: "short" });
    await expect(short).rejects.toMatchObject({ code: "invalid-config", path: "token" });
    const token = "0123456789abcdef";
    const open = await startServer({ store, host: "0.0.0.0", token });
    const address = open.address.replace("0.0.0.0", "127.0.0.1");
    const statusWith = async (authorization: string): Promise<number> =>
      (await call("/store/runs", { headers: { authorization } }, address)).status;
    expect((await call("/store/runs", {}, address)).status).toBe(401);
    expect(await statusWith("Bearer 0123456789abcdeg")).toBe(401);
    expect(await statusWith(`Basic ${token}`)).toBe(401);
    expect(await statusWith(`Bearer ${token}`)).toBe(200);
    await open.close();
  });

  it("lets what is under way end when it closes, for as long as it is given", async () => {
    const asked = Promise.withResolvers<void>();
    const ending = Promise.withResolvers<void>();
    const slow = await startServer({
      control: {
        control: () => Promise.reject(new Error("not asked for")),
        act: async () => {
          asked.resolve();
          await ending.promise;
          return { state: "ended", actions: [], reason: null, resumeCommand: null };
        },
      },
      store,
    });
    const stopping = { method: "POST", headers: { "content-type": "application/json" }, body: '{"action":"stop"}' };
    const answer = call("/api/runs/run-1/control", stopping, slow.address);
    await asked.promise;
    const closed = slow.close(60_000);
    ending.resolve();
    expect((await answer).status).toBe(200);
    await closed;
  });

  it("says which port is taken", async () => {
    const port = Number(new URL(server.address).port);
    await expect(startServer({ store, port })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining(String(port)),
    });
  });
});
