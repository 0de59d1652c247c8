/** @file Builders of what the server tells of policies, runs and itself, for tests; each field can be told. */
import type { Estimate, EvaluationSet, Leaderboard, LeaderboardEntry, RunList, RunRow, SystemView } from "@litmus/api";

export const estimate = (value: number | null, ci95: readonly [number, number] | null = null, n = 64): Estimate => ({
  value,
  n,
  ci95: ci95 === null ? null : { low: ci95[0], high: ci95[1] },
});

export const evaluationSet = (patch: Partial<EvaluationSet> = {}): EvaluationSet => ({
  id: "set-1",
  name: "litmus-mini",
  split: "test",
  questions: 64,
  dataSha256: "d".repeat(64),
  scorer: "exact-match-1",
  policies: 2,
  ...patch,
});

export const policyEntry = (patch: Partial<LeaderboardEntry> = {}): LeaderboardEntry => ({
  id: "run-1:grpo:8",
  runId: "run-1",
  runName: "quickstart",
  stage: "grpo",
  step: 8,
  split: "test",
  version: 8,
  rank: 1,
  unranked: null,
  ties: 0,
  chosenOn: null,
  kind: "trained",
  isBaseline: false,
  model: "small-model",
  engine: "llama.cpp",
  retriever: "bm25",
  prompt: "short-v1",
  seeds: [1, 2],
  exactMatch: estimate(0.625, [0.5, 0.73]),
  sampled: { k: 4, exactMatch: estimate(0.55, [0.45, 0.65]), passAtK: estimate(0.75, [0.6, 0.86], 40), failed: 24 },
  goldRecall: estimate(0.8, [0.7, 0.88]),
  searchesPerQuestion: estimate(1.5, [1.3, 1.7]),
  tokensPerCorrect: estimate(80, [60, 110]),
  secondsPerCorrect: estimate(2.5, [2, 3.2]),
  failed: 0,
  failureBound: 0.047,
  byCategory: { genes: estimate(0.5, [0.2, 0.8], 10) },
  hashes: {
    checkpoint: "c".repeat(64),
    model: "a".repeat(64),
    data: "d".repeat(64),
    prompt: "e".repeat(64),
    index: "f".repeat(64),
    config: "b".repeat(64),
    scorer: "exact-match-1",
  },
  createdAt: "2026-01-01T00:00:00.000Z",
  ...patch,
});

export const baselineEntry = (patch: Partial<LeaderboardEntry> = {}): LeaderboardEntry =>
  policyEntry({
    id: "run-1:base:0",
    stage: "base",
    step: 0,
    version: 0,
    rank: 2,
    kind: "base",
    isBaseline: true,
    exactMatch: estimate(0.25, [0.16, 0.37]),
    sampled: null,
    failed: 2,
    failureBound: null,
    ...patch,
  });

export function leaderboard(patch: Partial<Leaderboard> = {}): Leaderboard {
  const entries = patch.entries ?? [policyEntry(), baselineEntry()];
  const set = evaluationSet();
  return {
    sets: [set],
    set,
    categories: ["genes"],
    baselines: entries.filter(({ isBaseline }) => isBaseline),
    entries,
    total: entries.length,
    offset: 0,
    limit: 50,
    ...patch,
  };
}

export const runRow = (patch: Partial<RunRow> = {}): RunRow => ({
  id: "run-1",
  name: "quickstart",
  status: "finished",
  members: [{ id: patch.id ?? "run-1", seed: 1, status: patch.status ?? "finished" }],
  cells: { name: "quickstart", status: "finished", "metric.reward": 0.5, "score.test": 0.25 },
  n: {},
  ...patch,
});

export const runColumnList: RunList["columns"] = [
  { id: "name", label: "Name", kind: "text", group: "run", hint: "Of the experiment.", isDefault: true },
  { id: "status", label: "Status", kind: "status", group: "run", hint: "How it stands.", isDefault: true },
  { id: "score.test", label: "Exact match, test", kind: "percent", group: "score", hint: "Greedy.", isDefault: true },
  { id: "metric.reward", label: "Reward", kind: "number", group: "metric", hint: "Mean.", isDefault: true },
  { id: "config.seed", label: "seed", kind: "number", group: "config", hint: "seed", isDefault: false },
];

export function runList(patch: Partial<RunList> = {}): RunList {
  const rows = patch.rows ?? [runRow()];
  return {
    columns: runColumnList,
    rows,
    baseline: null,
    facets: { status: { finished: rows.length }, name: { quickstart: rows.length } },
    total: rows.length,
    offset: 0,
    limit: 2000,
    ...patch,
  };
}

export const systemView = (patch: Partial<SystemView> = {}): SystemView => ({
  server: {
    version: "0.1.0",
    node: "24.0.0",
    startedAt: "2026-01-01T00:00:00.000Z",
    rssBytes: 150e6,
    profile: "embedded",
  },
  store: { engine: "PGlite", sizeBytes: 12e6, runs: 2, trajectories: 400, failed: 4 },
  queue: null,
  queueError: null,
  failures: [],
  indexes: [],
  models: [],
  ...patch,
});
