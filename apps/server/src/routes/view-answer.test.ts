import { createApiClient, leaderboardCsv, runsCsv } from "@litmus/api";
import { problemId, runId, type RunRecord, type TrajectoryStore } from "@litmus/core";
import { openMemoryStore } from "@litmus/store";
import { buildProblem, buildStoredTrajectory, createManualTiming } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type RunningServer } from "../start-server.ts";
import { buildEvaluation, buildExperiment } from "../testing/build-evaluated.ts";

const timing = createManualTiming();
let store: TrajectoryStore;
let server: RunningServer;
const runs: readonly RunRecord[] = ["alpha", "beta"].map((id) => buildExperiment(id, { name: `=${id}, "x"` }));

const problem = buildProblem({ id: problemId("a/b ?&#") });
const entry = buildStoredTrajectory({ key: { runId: runId("alpha"), stage: "sft" }, problemId: problem.id });

beforeAll(async () => {
  store = await openMemoryStore();
  for (const run of runs) {
    await store.saveRun(run);
    await store.saveEvaluation({
      runId: run.id,
      stage: "sft",
      step: 1,
      split: "test",
      result: buildEvaluation(run.id === "alpha" ? "1100" : "1000"),
    });
    await store.saveMetrics([{ runId: run.id, stage: "sft", step: 1, name: "reward", value: 0.5 }]);
  }
  await store.saveProblems(runId("alpha"), "train", [problem]);
  await store.saveTrajectories([entry]);
  const spellTokens = async (_policy: unknown, _run: unknown, ids: readonly number[]) => ids.map((id) => `<${id}>`);
  server = await startServer({ store, timing, storeEngine: "PGlite", spellTokens });
});
afterAll(async () => {
  await server.close();
  await store.close();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.address}${path}`, { headers });
const client = () => createApiClient({ baseUrl: server.address, token: () => null });

describe("views", () => {
  it("answer in the form that the contract describes", async () => {
    const api = client();
    expect((await api.leaderboard()).entries.map(({ runId: id }) => id)).toEqual(["alpha", "beta"]);
    expect((await api.runs({ sort: "name" })).total).toBe(2);
    expect((await api.run("alpha")).run).toMatchObject({ id: "alpha", status: "running" });
    const { series } = await api.series({ sources: ["alpha", "beta"], metrics: ["reward"] });
    expect(series.map(({ source, y }) => [source, y])).toEqual([
      ["alpha", [0.5]],
      ["beta", [0.5]],
    ]);
    const compared = await api.compare({ runs: ["alpha", "beta"], from: "alpha:sft:1", to: "beta:sft:1" });
    expect(compared.paired).toMatchObject({ n: 4, wins: 0, losses: 1, ties: 3 });
    expect(await api.session()).toMatchObject({ needsToken: false, mayWrite: true, canAsk: false });
    expect((await api.system()).store).toMatchObject({ engine: "PGlite", runs: 2 });
    expect((await api.askOptions()).policies).toEqual([]);
    expect((await api.problems("alpha")).problems.map(({ id }) => id)).toEqual([problem.id]);
    expect((await api.problem("alpha", problem.id)).attempts.map(({ trajectoryId: id }) => id)).toEqual([entry.id]);
    expect((await api.attempts("alpha", { purpose: "train" })).total).toBe(1);
    expect((await api.trajectory(entry.id)).tokens).toMatchObject({ total: 12, hasText: true });
    expect((await api.tokens(entry.id, { from: 2, limit: 2 })).texts).toEqual(["<11>", "<20>"]);
  });

  it.each([
    ["/api/leaderboard?sort=exactMatch", "limit=7"],
    ["/api/runs?group=seeds", "limit=7"],
    ["/api/series?sources=alpha&metrics=reward", "points=20"],
  ])("are sent once until a run changes: %s", async (path, other) => {
    const first = await get(path);
    const etag = first.headers.get("etag") ?? "";
    expect([first.status, first.headers.get("cache-control")]).toEqual([200, "no-cache"]);
    const known = await get(path, { "if-none-match": `"other", W/${etag}` });
    expect([known.status, await known.text(), known.headers.get("etag")]).toEqual([304, "", etag]);
    const differing = await get(`${path}&${other}`, { "if-none-match": etag });
    expect([differing.status, differing.headers.get("etag") === etag]).toEqual([200, false]);
    await store.saveMetrics([
      { runId: runId("beta"), stage: "sft", step: timing.waits.length + 9, name: path, value: 1 },
    ]);
    // Nobody looks again within half a second.
    expect((await get(path, { "if-none-match": etag })).status).toBe(304);
    const another = await startServer({ store, timing });
    const answered = await fetch(`${another.address}${path}`, { headers: { "if-none-match": etag } });
    expect(answered.status).toBe(200);
    await another.close();
    timing.pass(500);
    const changed = await get(path, { "if-none-match": etag });
    expect([changed.status, changed.headers.get("etag") === etag]).toEqual([200, false]);
  });

  it("are tables too, with the same rows, in which no text is a formula", async () => {
    const api = client();
    const board = await get("/api/leaderboard.csv");
    expect(board.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(board.headers.get("content-disposition")).toBe('attachment; filename="litmus-leaderboard.csv"');
    expect(await board.text()).toBe(leaderboardCsv(await api.leaderboard()));
    const table = await (await get("/api/runs.csv?columns=name,metric.reward")).text();
    expect(table).toBe(runsCsv(await api.runs({ columns: ["name", "metric.reward"] })));
    expect(table).toContain(`"'=alpha, ""x"""`);
    const points = await (await get("/api/series.csv?sources=alpha&metrics=reward")).text();
    expect(points.split("\r\n")[1]).toBe("alpha,reward,sft,1,1,0.5,,,,false");
  });

  it("are tables of all rows, and say in a header where fewer were asked for", async () => {
    const many = await openMemoryStore();
    for (let i = 0; i < 51; i++) {
      const run = buildExperiment(`run-${i}`);
      await many.saveRun(run);
      const place = { runId: run.id, stage: "sft", step: 1, split: "test" };
      await many.saveEvaluation({ ...place, result: buildEvaluation("10") });
    }
    const crowded = await startServer({ store: many, timing: createManualTiming(), storeEngine: "PGlite" });
    for (const path of ["/api/runs.csv", "/api/leaderboard.csv"]) {
      const whole = await fetch(`${crowded.address}${path}`);
      expect((await whole.text()).split("\r\n")).toHaveLength(1 + 51 + 1);
      expect([whole.headers.get("x-total-count"), whole.headers.get("link")]).toEqual(["51", null]);
      const cut = await fetch(`${crowded.address}${path}?limit=50&search=run`);
      const next = `${path}?limit=50&search=run&offset=50`;
      expect([cut.headers.get("x-total-count"), cut.headers.get("link")]).toEqual(["51", `<${next}>; rel="next"`]);
      const rest = await fetch(`${crowded.address}${next}`);
      expect((await rest.text()).split("\r\n")).toHaveLength(1 + 1 + 1);
      expect(rest.headers.get("link")).toBeNull();
    }
    await crowded.close();
    await many.close();
  });

  it.each([
    ["/api/leaderboard?limit=0", "limit"],
    ["/api/leaderboard?sort=nonsense", "sort"],
    ["/api/leaderboard?kind=base,other", "kind"],
    ["/api/runs?status=odd", "status"],
    ["/api/runs?sort=nonsense", "sort"],
    ["/api/series?metrics=reward", "sources"],
    ["/api/series?sources=alpha&metrics=reward&x=weeks", "x"],
    ["/api/series?sources=alpha&metrics=reward&points=1e9", "points"],
    ["/api/runs.csv?offset=-1", "offset"],
    ["/api/compare?measure=odd", "measure"],
    ["/api/runs/alpha/problems?sort=odd", "sort"],
    ["/api/runs/alpha/trajectories?purpose=odd", "purpose"],
    [`/api/trajectories/${"0".repeat(32)}/tokens?limit=0`, "limit"],
  ])("name the parameter that is wrong: %s", async (path, name) => {
    const response = await get(path);
    const { code, message } = (await response.json()) as { code: string; message: string };
    expect([response.status, code]).toEqual([400, "invalid-input"]);
    expect(message).toContain(name);
  });

  it("never repeat what came, and say what there is", async () => {
    const response = await get("/api/runs?<script>=1");
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).not.toContain("script");
    expect(text).toContain("columns");
    expect((await get("/api/leaderboard?set=absent")).status).toBe(404);
    for (const path of ["", "/problems", "/trajectories", "/problems/p", "/control"])
      expect((await get(`/api/runs/absent${path}`)).status).toBe(404);
    expect((await get("/api/runs/alpha/problems/absent")).status).toBe(404);
    for (const path of ["", "/tokens"]) {
      expect((await get(`/api/trajectories/${"0".repeat(32)}${path}`)).status).toBe(404);
      expect((await get(`/api/trajectories/..%2F..%2Fetc${path}`)).status).toBe(400);
    }
    expect((await get("/api/series?sources=absent&metrics=reward")).status).toBe(404);
  });
});

describe("events", () => {
  it("tell which run changed, to everybody who listens, until they go", async () => {
    const listen = async () => {
      const leaving = new AbortController();
      const response = await fetch(`${server.address}/api/events`, { signal: leaving.signal });
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      expect((await reader.read()).value).toBe(": open\n\n");
      return { leave: () => leaving.abort(), read: async () => (await reader.read()).value };
    };
    timing.pass(500);
    const before = timing.waits.filter((each) => each === 500).length;
    const [first, second] = [await listen(), await listen()];
    while (timing.waits.filter((each) => each === 500).length === before) await new Promise(setImmediate);
    await store.saveMetrics([{ runId: runId("alpha"), stage: "sft", step: 2, name: "reward", value: 1 }]);
    timing.pass(500);
    const revision = (await store.revisions()).find((each) => each.runId === "alpha")?.revision;
    const event = `event: change\ndata: {"runs":[{"id":"alpha","revision":${revision}}]}\n\n`;
    expect([await first.read(), await second.read()]).toEqual([event, event]);
    first.leave();
    second.leave();
  });

  it("end with what changed last, and the server waits until its readers have read it", async () => {
    const closing = await startServer({ store, timing });
    const answer = await fetch(`${closing.address}/api/events`);
    const events = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    await events.read();
    const reading = createApiClient({ baseUrl: closing.address, token: () => null });
    const stepOf = async () => (await reading.series({ sources: ["beta"], metrics: ["reward"] })).series[0]?.x.at(-1);
    expect(await stepOf()).toBe(1);
    await store.saveMetrics([{ runId: runId("beta"), stage: "sft", step: 7, name: "reward", value: 1 }]);
    const closed = closing.close();
    let text = "";
    while (!text.includes("event: closing")) text += (await events.read()).value ?? "";
    expect(text).toMatch(/event: change\ndata: .*"beta".*\n\nevent: closing\ndata: {}\n\n$/);
    expect(await stepOf()).toBe(7);
    await events.cancel();
    await closed;
    await expect(stepOf()).rejects.toThrow();
  });
});
