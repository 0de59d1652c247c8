/** @file Builders of what the server tells of runs, for tests; each field can be told. */
import type { MetricInfo, RunView, Series } from "@litmus/api";
import { runHead } from "./trajectory-views.ts";

export const metricInfo = (patch: Partial<MetricInfo> = {}): MetricInfo => ({
  name: "reward",
  label: "Reward",
  unit: "",
  hint: "Mean total reward.",
  group: "learning",
  ...patch,
});

/** Of one run, every point there. */
export const series = (patch: Partial<Series> = {}): Series => {
  const x = patch.x ?? [1, 2, 3];
  return {
    source: "run-1",
    runIds: ["run-1"],
    metric: "reward",
    x,
    y: x.map((_, i) => i / 10),
    low: null,
    high: null,
    n: null,
    stage: x.map(() => "grpo"),
    step: x.map((_, i) => i + 1),
    total: x.length,
    isDownsampled: false,
    notFinite: 0,
    ...patch,
  };
};

export const runViewOf = (patch: Partial<RunView> = {}): RunView => ({
  run: runHead,
  control: { state: "ended", actions: [], reason: null, resumeCommand: null },
  progress: {
    stage: "grpo",
    step: 3,
    steps: 4,
    doneSteps: 3,
    totalSteps: 4,
    secondsLeft: null,
    updatedAt: "2026-01-01T01:00:00.000Z",
  },
  cost: { seconds: 90, sampledTokens: 12_300, trajectories: 64, failed: 0, peakRssGiB: 1.5 },
  stages: [{ name: "grpo", type: "grpo", steps: 4, done: 3, firstStep: 1, seconds: 90 }],
  checkpoints: [],
  evaluations: [],
  gains: [],
  alarms: [],
  failures: [],
  stopReasons: {},
  metrics: [metricInfo()],
  seeds: [runHead],
  config: { leaves: [{ path: "seed", value: "1" }], parent: null, differences: [] },
  manifest: {},
  idSpace: "own",
  limits: [],
  ...patch,
});
