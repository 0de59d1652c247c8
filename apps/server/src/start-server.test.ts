import { connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { LitmusError, policyVersion, sha256 } from "@litmus/core";
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

const post = (question: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify({ question }),
});

describe("reading", () => {
  it("answers every route with JSON that no page can take for its own", async () => {
    const paths = [
      "/health",
      "/api/runs",
      "/api/runs/run-1",
      "/api/runs/run-1/metrics",
      "/api/runs/run-1/trajectories",
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
    expect((await call("/api/runs")).body).toEqual({ runs: [shown] });
    const one = (await call("/api/runs/run-1")).body;
    expect(one).toMatchObject({ run: shown, checkpoints: [], evaluations: [] });
    expect((await call("/api/runs/run-1/metrics")).body).toEqual({
      metrics: [{ runId: "run-1", stage: "rl", step: 1, name: "kl", value: "NaN" }],
    });
    const [entry] = entries;
    expect((await call(`/api/trajectories/${entry!.id}`)).body).toEqual({ trajectory: entry });
    expect((await call("/api/runs/run-1/problems/problem-1")).body).toEqual({ problem: buildProblem() });
  });

  it("pages trajectories and says how many there are", async () => {
    const { body } = await call("/api/runs/run-1/trajectories?stage=rl&step=0&purpose=train&offset=1&limit=2");
    expect(body).toEqual({ trajectories: entries.slice(1, 3), offset: 1, limit: 2, total: 5 });
    expect((await call("/api/runs/run-1/trajectories?stage=other")).body).toMatchObject({ trajectories: [], total: 0 });
    expect((await call("/api/runs/run-1/rollouts")).body).toEqual({ rollouts: entries.map((entry) => entry.key) });
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
    const { status, body } = await call(`/api/runs/run-1/trajectories?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: "error", code: "invalid-input" });
  });

  it.each([
    "/api/runs/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/api/runs/..%2F..%2Fetc%2Fpasswd",
    "/api/runs/run-1%00",
    "/api/runs/RUN",
    `/api/runs/${"a".repeat(81)}`,
    "/api/runs/%E0%A4%A",
    "/api/trajectories/'%20OR%201=1--",
    "/api/trajectories/%3Cimg%20src=x%20onerror=alert(1)%3E",
    "/api/trajectories/ABCDEF0123456789ABCDEF0123456789",
  ])("refuses the id of %s, without repeating it", async (path) => {
    const { status, text } = await call(path);
    expect(status).toBe(400);
    expect(text).not.toMatch(/script|onerror|passwd|OR 1/);
  });

  it("says not found for what is not there, and offers no way to write", async () => {
    const paths = [
      "/",
      "/api",
      "/api/runs/absent",
      "/api/runs/absent/metrics",
      "/api/runs/absent/rollouts",
      `/api/trajectories/${"0".repeat(32)}`,
    ];
    for (const path of [...paths, "/api/runs/absent/trajectories", "/api/runs/run-1/problems/absent"]) {
      const { status, body } = await call(path);
      expect([path, status]).toEqual([path, 404]);
      expect(body).toMatchObject({ type: "error", code: "not-found" });
    }
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      for (const path of ["/api/runs", "/api/runs/run-1", "/api/store/trajectories"]) {
        expect((await call(path, { method })).status).toBe(404);
      }
    }
  });

  it("hides the home folder everywhere", async () => {
    for (const path of ["/api/runs", "/api/runs/run-1"]) expect((await call(path)).text).not.toContain(homedir());
    expect((await call("/api/runs/run-1")).text).toContain("~/a.gguf");
  });

  it("keeps what went wrong inside, and hands it to its owner", async () => {
    const broken = { ...store, runs: () => Promise.reject(new Error(`ENOENT ${homedir()}/secret`)) };
    const failing = await startServer({ store: broken, onError: (error) => errors.push(error) });
    const { status, text, body } = await call("/api/runs", undefined, failing.address);
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
    const answer = await raw(["GET /api/runs HTTP/1.1", `Host: ${host.replace("PORT", port)}`]);
    expect(answer).toMatch(/^HTTP\/1.1 (403|400)/);
    expect(answer).not.toContain("run-1");
  });

  it("refuses a request without a Host header", async () => {
    expect(await raw(["GET /api/runs HTTP/1.0"])).toMatch(/^HTTP\/1.1 (403|400)/);
  });

  it("listens on loopback only, unless every request shows a token", async () => {
    await expect(startServer({ store, host: "0.0.0.0" })).rejects.toMatchObject({ code: "invalid-config" });
    const short = startServer({ store, host: "0.0.0.0", token: "short" });
    await expect(short).rejects.toMatchObject({ code: "invalid-config", path: "token" });
    const token = "0123456789abcdef";
    const open = await startServer({ store, host: "0.0.0.0", token });
    const address = open.address.replace("0.0.0.0", "127.0.0.1");
    const statusWith = async (authorization: string): Promise<number> =>
      (await call("/api/runs", { headers: { authorization } }, address)).status;
    expect((await call("/api/runs", {}, address)).status).toBe(401);
    expect(await statusWith("Bearer 0123456789abcdeg")).toBe(401);
    expect(await statusWith(`Basic ${token}`)).toBe(401);
    expect(await statusWith(`Bearer ${token}`)).toBe(200);
    await open.close();
  });

  it("lets what is under way end when it closes, for as long as it is given", async () => {
    const asked = Promise.withResolvers<void>();
    const ending = Promise.withResolvers<void>();
    const slow = await startServer({
      ask: async () => {
        asked.resolve();
        await ending.promise;
        return { type: "answer" };
      },
    });
    const answer = call("/api/ask", post("Which gene?"), slow.address);
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

describe("asking", () => {
  it("is refused where there is no policy", async () => {
    const { status, body } = await call("/api/ask", post("Which gene?"));
    expect(status).toBe(409);
    expect(body).toMatchObject({ type: "error", code: "conflict" });
  });

  it("hands on the question and the answer", async () => {
    const asking = await startServer({
      store,
      ask: async (question) => ({ type: "answer", answer: question.toUpperCase() }),
    });
    const { status, body } = await call("/api/ask", post("  which gene?  "), asking.address);
    const own = await call(
      "/api/ask",
      post("a", { origin: asking.address, "sec-fetch-site": "same-origin" }),
      asking.address,
    );
    await asking.close();
    expect([status, body]).toEqual([200, { type: "answer", answer: "WHICH GENE?" }]);
    expect(own.status).toBe(200);
  });

  it("gives a typed failure its status, and hides an untyped one", async () => {
    const failures = [
      new LitmusError("unavailable", "the policy is busy", { hint: "wait" }),
      new TypeError("x is not a function"),
    ];
    const asking = await startServer({ store, ask: () => Promise.reject(failures.shift()) });
    const typed = await call("/api/ask", post("a"), asking.address);
    const untyped = await call("/api/ask", post("a"), asking.address);
    await asking.close();
    expect([typed.status, typed.body]).toEqual([
      503,
      { type: "error", code: "unavailable", message: "the policy is busy", hint: "wait" },
    ]);
    expect([untyped.status, untyped.body.code]).toEqual([500, "bug"]);
    expect(untyped.text).not.toContain("not a function");
  });

  it("refuses other pages, other forms and too much", async () => {
    const foreign = ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"];
    for (const origin of foreign) expect((await call("/api/ask", post("a", { origin }))).status).toBe(403);
    expect((await call("/api/ask", post("a", { "sec-fetch-site": "cross-site" }))).status).toBe(403);
    expect((await call("/api/ask", post("a", { "content-type": "text/plain" }))).status).toBe(415);
    expect((await call("/api/ask", { ...post("a"), body: "{" })).status).toBe(400);
    for (const question of ["", "   ", 1, null, ["a"], "x".repeat(2001)])
      expect((await call("/api/ask", post(question))).status).toBe(400);
    expect((await call("/api/ask", { ...post("a"), body: JSON.stringify({ question: "a", extra: 1 }) })).status).toBe(
      400,
    );
    expect((await call("/api/ask", post("x".repeat(20_000)))).status).toBe(413);
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(" ".repeat(5000))),
    });
    const streamed = { ...post("a"), body: endless, duplex: "half" } as RequestInit;
    expect((await call("/api/ask", streamed)).status).toBe(413);
  });
});
