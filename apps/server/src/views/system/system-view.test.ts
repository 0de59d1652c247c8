import { systemSchema, type SystemView } from "@litmus/api";
import { problemId, sha256, type TrajectorySummary } from "@litmus/core";
import { bm25Presets } from "@litmus/retrieval";
import { describe, expect, it } from "vitest";
import type { StoreReader } from "../../store-reader.ts";
import { buildExperiment, RunsUnderTest } from "../../testing/build-evaluated.ts";
import { presets } from "./searched-indexes.ts";
import { systemView, type ServerFacts } from "./system-view.ts";

const facts: ServerFacts = {
  version: "1.2.3",
  startedAt: "2026-01-01T00:00:00.000Z",
  storeEngine: "PGlite",
  queue: undefined,
};

function failedOf(code: string, startedAt: string): TrajectorySummary {
  const failure = { boundary: "retrieval", code, message: `${code} at ${startedAt}`, retryable: true } as const;
  return {
    id: sha256(code + startedAt) as never,
    key: { runId: "any" as never, stage: "s", step: 0, purpose: "train", group: 0, member: 0 },
    problemId: problemId("p"),
    policyVersion: 0 as never,
    answer: null,
    outcome: { type: "failed", failure },
    rewardTotal: null,
    components: [],
    rewardFailure: null,
    usage: { prefilledTokens: 0, cachedTokens: 0, sampledTokens: 0, searches: 0 },
    startedAt,
    durationMs: 0,
    searches: [],
  };
}

async function view(runs: RunsUnderTest, failed: Record<string, TrajectorySummary[]>, some: Partial<ServerFacts> = {}) {
  const reads = runs.reads();
  const store = {
    summaries: async ({ runId }) => failed[runId] ?? [],
    sizeBytes: async () => 4096,
  } as Partial<StoreReader> as StoreReader;
  const found: SystemView = await systemView({ ...reads, store }, { ...facts, ...some });
  expect(systemSchema.parse(found)).toEqual(found);
  return found;
}

const none = { x: 0, xx: 0, xCorrect: 0 };
const totalsOf = (runId: string, trajectories: number, failed: number) => ({
  runId: runId as never,
  stage: "s",
  step: 0,
  purpose: "train" as const,
  trajectories,
  failed,
  stopReasons: {},
  sampledTokens: 0,
  searches: 0,
  durationMs: 0,
  correct: 0,
  scored: { trajectories: trajectories - failed, sampledTokens: none, searches: none, durationMs: none },
});

describe("systemView", () => {
  it("adds up the store, and failures by boundary and code with the newest run's example", async () => {
    const runs = new RunsUnderTest();
    runs.run(buildExperiment("old", { createdAt: "2026-01-01T00:00:00.000Z" }), { totals: [totalsOf("old", 10, 3)] });
    runs.run(buildExperiment("new", { createdAt: "2026-01-02T00:00:00.000Z" }), { totals: [totalsOf("new", 5, 1)] });
    runs.run(buildExperiment("sound", { createdAt: "2026-01-03T00:00:00.000Z" }), {
      totals: [totalsOf("sound", 4, 0)],
    });
    const asked = { ...totalsOf("ask", 2, 2), purpose: "ask" as const };
    runs.run(buildExperiment("ask", { createdAt: "2026-01-04T00:00:00.000Z" }), { totals: [asked] });
    const found = await view(runs, {
      ask: [failedOf("not-scored", "6")],
      old: [failedOf("late", "1"), failedOf("late", "2"), failedOf("gone", "3")],
      new: [failedOf("late", "4")],
      sound: [failedOf("never-asked-for", "5")],
    });
    expect(found.store).toEqual({ engine: "PGlite", sizeBytes: 4096, runs: 3, trajectories: 21, failed: 4 });
    expect(found.failures).toEqual([
      { boundary: "retrieval", code: "late", count: 3, example: "late at 4", runId: "new" },
      { boundary: "retrieval", code: "gone", count: 1, example: "gone at 3", runId: "old" },
    ]);
    expect(found.server).toMatchObject({ version: "1.2.3", profile: "embedded" });
  });

  it("says to whom PubMed's records are owed, and of whom nothing is", async () => {
    const runs = new RunsUnderTest();
    runs.run(buildExperiment("own"));
    const pubmed = { corpus: { name: "pubmed", idSpace: "pubmed" }, retriever: { engine: "elasticsearch" } };
    runs.run(buildExperiment("public", { manifest: { index: sha256("public"), model: sha256("model") } }, pubmed));
    runs.run(buildExperiment("ask", { config: null, manifest: {} }));
    const { indexes, models } = await view(runs, {});
    expect(indexes.find(({ name }) => name === "litmus-mini")).toEqual({
      id: sha256("index"),
      name: "litmus-mini",
      engine: "bm25",
      k1: 0.9,
      b: 0.4,
      idSpace: "own",
      runs: 1,
      credit: null,
    });
    expect(indexes.find(({ name }) => name === "pubmed")).toMatchObject({
      k1: null,
      b: null,
      idSpace: "pubmed",
      credit: "Courtesy of the U.S. National Library of Medicine",
    });
    expect(models).toEqual([{ sha256: sha256("model"), name: "gemma-3-270m", licence: "Gemma Terms of Use", runs: 2 }]);
    expect(presets).toEqual(bm25Presets);
  });

  it("shows the queue, or why it cannot be asked", async () => {
    const queue = { engine: "BullMQ", waiting: 2, active: 1, dead: 0, workers: [], deadJobs: [] };
    const runs = new RunsUnderTest();
    expect(await view(runs, {}, { queue: async () => queue })).toMatchObject({
      queue,
      queueError: null,
      server: { profile: "scale" },
    });
    const away = await view(runs, {}, { queue: () => Promise.reject(new Error("Redis is away")) });
    expect([away.queue, away.queueError]).toEqual([null, "Redis is away"]);
    expect((await view(runs, {}, { queue: async () => null })).server.profile).toBe("embedded");
  });
});
