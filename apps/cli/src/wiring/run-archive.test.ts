import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { policyVersion, runId, sha256, type StepCommit, type TrainedTokens, type TrajectoryStore } from "@litmus/core";
import { openMemoryStore } from "@litmus/store";
import { buildProblem, buildRun, buildStoredTrajectory } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeArchive } from "./run-archive.ts";

const run = buildRun({ id: runId("archived") });
/** More than are read at once. */
const members = 450;
const learned = buildStoredTrajectory({ key: { runId: run.id, member: 300 } });
const trained = { trajectoryId: learned.id, step: 1, advantages: [0.5, -0.5], trainerLogProbs: [-1, -2] };

let store: TrajectoryStore;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-archive-"));
  store = await openMemoryStore();
  await store.saveRun(run);
  await store.saveProblems(run.id, "train", [buildProblem()]);
  const entries = Array.from({ length: members }, (_, member) =>
    buildStoredTrajectory({ key: { runId: run.id, member } }),
  );
  await store.saveTrajectories(entries);
  await store.commitStep(commitOf(trained));
  const metric = { runId: run.id, stage: "grpo", step: 1 };
  await store.saveMetrics([
    { ...metric, name: "reward", value: 0.25 },
    { ...metric, name: "loss", value: Number.NaN },
  ]);
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** A step that was learned from one of the trajectories. */
function commitOf(trained: TrainedTokens): StepCommit {
  const [version, hash] = [policyVersion(1), sha256("a")];
  const state = {
    version,
    adapterPath: "a",
    adapterSha256: hash,
    optimizerPath: "o",
    optimizerSha256: hash,
    updates: 1,
  };
  const place = { runId: run.id, stage: "grpo", step: 1, parentSha256: null };
  return {
    checkpoint: { ...place, state, createdAt: "2026-01-01T00:00:00.000Z" },
    version: { ...place, version, adapter: { version, path: "a", sha256: hash } },
    metrics: [],
    trained: [trained],
  };
}

describe("the archive of a run", () => {
  it("holds every record once, as the store gives it", async () => {
    const path = join(folder, "run.jsonl.gz");
    expect(await writeArchive(store, run, path)).toBe(members);
    const lines = gunzipSync(await readFile(path))
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
    expect(lines[0]).toEqual({ type: "archive", schemaVersion: 1, run: JSON.parse(JSON.stringify(run)) as unknown });
    const trajectories = lines.filter(({ type }) => type === "trajectory");
    const stored = await store.trajectories({ runId: run.id });
    expect(trajectories).toEqual(stored.map((entry) => ({ type: "trajectory", ...entry })));
    expect(lines.filter(({ type }) => type === "trained-tokens")).toEqual([{ type: "trained-tokens", ...trained }]);
    expect(lines.filter(({ type }) => type === "metric")).toEqual([
      { type: "metric", runId: run.id, stage: "grpo", step: 1, name: "reward", value: 0.25 },
      { type: "metric", runId: run.id, stage: "grpo", step: 1, name: "loss", value: { $number: "NaN" } },
    ]);
  });

  it("overwrites nothing, and leaves nothing half written", async () => {
    const path = join(folder, "again.jsonl.gz");
    await writeArchive(store, run, path);
    await expect(writeArchive(store, run, path)).rejects.toMatchObject({ code: "conflict" });
    const broken = { ...store, metrics: () => Promise.reject(new Error("the server is away")) };
    await expect(writeArchive(broken, run, join(folder, "broken.jsonl.gz"))).rejects.toThrow("away");
    expect((await readdir(folder)).filter((name) => name.includes("broken") || name.includes("partial"))).toEqual([]);
  });
});
