import { homedir } from "node:os";
import { join } from "node:path";
import { policyVersion, problemId, runId, sha256, trajectoryId } from "@litmus/core";
import type { TrajectoryStore } from "@litmus/core";
import { openMemoryStore } from "@litmus/store";
import { arbitraryStoredTrajectory, buildProblem, buildRun, buildStoredTrajectory } from "@litmus/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRemoteStore } from "./remote-store.ts";
import { startServer } from "./start-server.ts";
import type { RunningServer } from "./start-server.ts";
import type { StoreReader } from "./store-reader.ts";

const run = buildRun();
const version = policyVersion(1);
const { key, id: trainedId } = buildStoredTrajectory();
/** More than one request asks about, in no order. */
const runIds = Array.from({ length: 200 }, (_, index) => runId(`many-${(index * 7) % 200}`));
let store: TrajectoryStore;
let server: RunningServer;
let remote: StoreReader;

beforeAll(async () => {
  store = await openMemoryStore();
  await store.saveRun(run);
  await store.saveProblems(run.id, "train", [buildProblem(), buildProblem({ id: problemId("a/b ?&#") })]);
  for (let member = 0; member < 205; member += 1)
    await store.saveTrajectories([buildStoredTrajectory({ key: { member } })]);
  const adapter = { version, path: join(homedir(), "adapters", "1.gguf"), sha256: sha256("adapter") };
  await store.commitStep({
    checkpoint: {
      runId: run.id,
      stage: "rl",
      step: 1,
      state: {
        version,
        adapterPath: adapter.path,
        adapterSha256: adapter.sha256,
        optimizerPath: "/tmp/o",
        optimizerSha256: sha256("o"),
        updates: 1,
      },
      parentSha256: null,
      createdAt: "2026-01-01T00:00:00.000Z",
    },
    version: { runId: run.id, version, adapter, parentSha256: null, stage: "rl", step: 1 },
    metrics: [NaN, Infinity, -Infinity, 0.1].map((value, step) => ({
      runId: run.id,
      stage: "rl",
      step,
      name: "kl",
      value,
    })),
    trained: [{ trajectoryId: trainedId, step: 1, advantages: [0.5, NaN, 0, 0, 0, 1], trainerLogProbs: null }],
  });
  await store.saveEvaluation({
    runId: run.id,
    stage: "rl",
    step: 1,
    split: "test",
    result: { accuracy: 0.5, interval: [0.4, 0.6] },
  });
  for (const id of runIds.slice(0, 150)) {
    await store.saveRun(buildRun({ id }));
    await store.saveMetrics([{ runId: id, stage: "rl", step: 1, name: "kl", value: 1 }]);
    await store.saveEvaluation({ runId: id, stage: "rl", step: 1, split: "test", result: id });
    await store.saveTrajectories([buildStoredTrajectory({ key: { runId: id }, reward: null })]);
  }
  server = await startServer({ store });
  remote = createRemoteStore(server.address);
});
afterAll(async () => {
  await server.close();
  await store.close();
});

function withoutNegativeZero(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutNegativeZero(member)]));
}

describe("remote store", () => {
  it("reads what the store itself gives", async () => {
    const read = async (from: StoreReader): Promise<unknown> => ({
      runs: await from.runs(),
      run: await from.run(run.id),
      versions: await from.policyVersions(run.id),
      checkpoints: await from.checkpoints(run.id),
      metrics: await from.metrics(run.id),
      curves: [await from.metricCurves(run.id, ["kl", "absent"]), await from.metricCurves(run.id, [])],
      evaluations: await from.evaluations(run.id),
      problem: await from.problem(run.id, problemId("a/b ?&#")),
      keys: await from.rolloutKeys({ runId: run.id, purpose: "train" }),
      all: await from.trajectories({ runId: run.id }),
      page: await from.trajectories({ runId: run.id, stage: "rl", step: 0 }, { offset: 3, limit: 150 }),
      last: await from.trajectories({ runId: run.id }, { offset: 204, limit: 5 }),
      problems: await from.problems(run.id),
      train: await from.problems(run.id, "train"),
      none: await from.problems(run.id, "test"),
      trained: [await from.trained(trainedId), await from.trained(trajectoryId({ ...key, member: 1 }))],
      summaries: await from.summaries({ runId: run.id }),
      summaryPage: await from.summaries({ runId: run.id, step: 0, isFailed: false }, { offset: 3, limit: 150 }),
      failures: await from.summaries({ runId: runIds[0]!, isFailed: true }),
      latest: await from.latestMetrics([...runIds, run.id, run.id]),
      results: await from.evaluationsOf([...runIds, run.id]),
      totals: await from.rolloutTotals([...runIds, run.id]),
      ofNone: [await from.latestMetrics([]), await from.evaluationsOf([]), await from.rolloutTotals([])],
      revisions: await from.revisions(),
      bytes: await from.sizeBytes(),
      beyond: await from.trajectories({ runId: run.id }, { offset: 300, limit: 5 }),
    });
    expect(await read(remote)).toEqual(await read(store));
    expect(await remote.trajectories({ runId: run.id })).toHaveLength(205);
    expect(await remote.rolloutTotals(runIds)).toHaveLength(150);
  });

  it("gives null or nothing for what is not there", async () => {
    expect(await remote.run(runId("absent"))).toBeNull();
    expect(await remote.trajectory(trajectoryId(buildStoredTrajectory({ key: { member: 999 } }).key))).toBeNull();
    expect(await remote.problem(run.id, problemId("absent"))).toBeNull();
    expect(await remote.metrics(runId("absent"))).toEqual([]);
    expect(await remote.trajectories({ runId: runId("absent") })).toEqual([]);
    expect(await remote.summaries({ runId: runId("absent") })).toEqual([]);
    expect(await remote.problems(runId("absent"))).toEqual([]);
  });

  it("takes a server that knows less for another version's, not for an empty store", async () => {
    const other = await startServer({});
    await expect(createRemoteStore(other.address).revisions()).rejects.toMatchObject({ code: "incompatible" });
    await other.close();
  });

  it("gives any trajectory as the store has it, negative zero apart", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryStoredTrajectory, async (entry) => {
        await store.saveTrajectories([entry]);
        expect(await remote.trajectory(entry.id)).toEqual(withoutNegativeZero(await store.trajectory(entry.id)));
      }),
      { numRuns: 30, seed: 5 },
    );
  });

  it("says so when nobody answers, and asks no other machine", async () => {
    const gone = await startServer({ store });
    await gone.close();
    await expect(createRemoteStore(gone.address).runs()).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
    });
    for (const address of [
      "http://evil.example:80",
      "https://127.0.0.1:1",
      "http://127.0.0.1:1@evil.example",
      "file:///etc/passwd",
      "http://127.0.0.1:1/x",
    ]) {
      expect(() => createRemoteStore(address)).toThrow("not an address on this machine");
    }
  });
});
