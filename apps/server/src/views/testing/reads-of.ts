import type {
  CheckpointRecord,
  EvaluationRecord,
  LatestMetrics,
  MetricCurve,
  MetricRecord,
  PolicyVersionRecord,
  RolloutTotals,
  RunId,
  RunRecord,
  StopReason,
  StoredProblem,
  StoredTrajectory,
  SummaryFilter,
  TrainedTokens,
  TrajectorySummary,
} from "@litmus/core";
import { configValues } from "../../config/config-values.ts";
import { latestByName } from "../../reads/latest-metrics.ts";
import type { StoreReader } from "../../store-reader.ts";
import type { StoreReads } from "../store-reads.ts";

/** What a store holds; problems by run. */
export interface Rows {
  readonly runs: readonly RunRecord[];
  readonly problems: readonly (StoredProblem & { readonly runId: RunId })[];
  /** In the order of their keys. */
  readonly trajectories: readonly StoredTrajectory[];
  readonly metrics: readonly MetricRecord[];
  readonly evaluations: readonly EvaluationRecord[];
  readonly checkpoints: readonly CheckpointRecord[];
  readonly versions: readonly PolicyVersionRecord[];
  readonly trained: readonly TrainedTokens[];
}

const nothing: Rows = {
  runs: [],
  problems: [],
  trajectories: [],
  metrics: [],
  evaluations: [],
  checkpoints: [],
  versions: [],
  trained: [],
};

/** Reads of rows that are given: nothing is remembered. Runs stand newest first, as the store gives them. */
export function readsOf(some: Partial<Rows>): StoreReads {
  const rows = { ...nothing, ...some };
  const of = <Row extends { readonly runId: RunId }>(all: readonly Row[], id: RunId): Row[] =>
    all.filter(({ runId }) => runId === id);
  const ofAll = <Row extends { readonly runId: RunId }>(all: readonly Row[], ids: readonly RunId[]): Row[] =>
    all.filter(({ runId }) => ids.includes(runId));
  const fitting = (filter: SummaryFilter): StoredTrajectory[] =>
    rows.trajectories.filter((entry) => fits(entry, filter));
  const store: StoreReader = {
    run: async (id) => rows.runs.find((run) => run.id === id) ?? null,
    runs: async () => rows.runs,
    problem: async (runId, id) => of(rows.problems, runId).find((problem) => problem.id === id) ?? null,
    problems: async (runId, split) => of(rows.problems, runId).filter((one) => (split ?? one.split) === one.split),
    trajectory: async (id) => rows.trajectories.find((entry) => entry.id === id) ?? null,
    trajectories: async (filter, page) => paged(fitting(filter), page),
    summaries: async (filter, page) => paged(fitting(filter), page).map(summaryOf),
    rolloutKeys: async (filter) => fitting(filter).map(({ key }) => key),
    rolloutTotals: async (ids) => ids.flatMap((runId) => totalsOf(fitting({ runId }))),
    trained: async (id) => rows.trained.find((one) => one.trajectoryId === id) ?? null,
    policyVersions: async (id) => of(rows.versions, id),
    checkpoints: async (id) => of(rows.checkpoints, id),
    metrics: async (id) => of(rows.metrics, id),
    metricCurves: async (id, names) => curvesOf(of(rows.metrics, id).filter(({ name }) => names.includes(name))),
    latestMetrics: async (ids) =>
      [...new Set(ids)]
        .sort()
        .map((id) => latestOf(id, of(rows.metrics, id)))
        .filter(({ names }) => names.length > 0),
    evaluations: async (id) => of(rows.evaluations, id),
    evaluationsOf: async (ids) => ofAll(rows.evaluations, ids),
    revisions: async () => rows.runs.map(({ id }) => ({ runId: id, revision: 1 })),
    sizeBytes: async () => 0,
  };
  return {
    store,
    remember: (_runId, _name, load) => load(),
    revision: () => 1,
    trajectory: async (id) => {
      const stored = await store.trajectory(id);
      return stored === null ? null : { stored, trained: await store.trained(id) };
    },
    catalogue: async () =>
      rows.runs.map((run) => ({
        run,
        values: configValues(run.config),
        latest: latestByName(latestOf(run.id, of(rows.metrics, run.id))),
        evaluations: of(rows.evaluations, run.id),
        totals: totalsOf(fitting({ runId: run.id })),
      })),
  };
}

function latestOf(runId: RunId, metrics: readonly MetricRecord[]): LatestMetrics {
  const last = [...new Map(metrics.map((metric) => [metric.name, metric])).values()];
  return {
    runId,
    names: last.map(({ name }) => name),
    stages: last.map(({ stage }) => stage),
    values: last.map(({ value }) => value),
  };
}

function fits({ key, problemId, reward }: StoredTrajectory, filter: SummaryFilter): boolean {
  return (
    key.runId === filter.runId &&
    (filter.stage ?? key.stage) === key.stage &&
    (filter.step ?? key.step) === key.step &&
    (filter.purpose ?? key.purpose) === key.purpose &&
    (filter.problemId ?? problemId) === problemId &&
    (filter.isFailed ?? reward === null) === (reward === null)
  );
}

function curvesOf(metrics: readonly MetricRecord[]): MetricCurve[] {
  const sorted = metrics.toSorted((a, b) => a.step - b.step);
  const curves = Map.groupBy(sorted, ({ name, stage }) => `${name} ${stage}`);
  return [...curves.values()].map((rows) => {
    const [{ name, stage }] = rows as [MetricRecord];
    return { stage, name, steps: rows.map(({ step }) => step), values: rows.map(({ value }) => value) };
  });
}

const paged = <T>(all: readonly T[], page = { offset: 0, limit: all.length }): T[] =>
  all.slice(page.offset, page.offset + page.limit);

/** What a list says of a trajectory. */
function summaryOf({ trajectory, reward, ...rest }: StoredTrajectory): TrajectorySummary {
  const { answer, outcome, usage, timing, policy, turns } = trajectory;
  return {
    ...rest,
    policyVersion: policy.version,
    answer,
    outcome,
    rewardTotal: reward?.total ?? null,
    components: (reward?.components ?? []).map(({ name, score }) => ({ name, score })),
    usage,
    ...timing,
    searches: turns.flatMap(({ search }) =>
      search === null ? [] : [{ query: search.query, recordIds: search.hits.map((hit) => hit.recordId) }],
    ),
  };
}

function totalsOf(entries: readonly StoredTrajectory[]): RolloutTotals[] {
  const cells = Map.groupBy(entries, ({ key }) => `${key.stage} ${key.step} ${key.purpose}`);
  return [...cells.values()].map((cell) => {
    const [{ key }] = cell as [StoredTrajectory];
    const scored = cell.filter(({ reward }) => reward !== null);
    const add = (of: (entry: StoredTrajectory) => number): number => cell.reduce((sum, entry) => sum + of(entry), 0);
    const none = { x: 0, xx: 0, xCorrect: 0 };
    return {
      runId: key.runId,
      stage: key.stage,
      step: key.step,
      purpose: key.purpose,
      trajectories: cell.length,
      failed: cell.length - scored.length,
      sampledTokens: add(({ trajectory }) => trajectory.usage.sampledTokens),
      searches: add(({ trajectory }) => trajectory.usage.searches),
      durationMs: add(({ trajectory }) => trajectory.timing.durationMs),
      correct: add(({ reward }) => reward?.components.find(({ name }) => name === "exactMatch")?.score ?? 0),
      scored: { trajectories: scored.length, sampledTokens: none, searches: none, durationMs: none },
      stopReasons: countOf(scored),
    };
  });
}

function countOf(scored: readonly StoredTrajectory[]): Partial<Record<StopReason, number>> {
  const counts: Partial<Record<StopReason, number>> = {};
  for (const { trajectory } of scored)
    if (trajectory.outcome.type === "stopped")
      counts[trajectory.outcome.reason] = (counts[trajectory.outcome.reason] ?? 0) + 1;
  return counts;
}
