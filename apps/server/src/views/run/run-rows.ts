import type { CheckpointRecord, EvaluationRecord, MetricCurve, RolloutTotals, RunRecord } from "@litmus/core";
import { latestByName, type LatestMetric } from "../../reads/latest-metrics.ts";
import { runShape, type RunShape } from "../run-shape.ts";
import { metricCurves } from "../series/metric-curves.ts";
import type { StoreReads } from "../store-reads.ts";

/** The rows of a run that its page is made of. */
export interface RunRows {
  readonly run: RunRecord;
  readonly shape: RunShape;
  /** By name, of each what was written last. */
  readonly latest: ReadonlyMap<string, LatestMetric>;
  /** What its steps say of progress and health. */
  readonly curves: readonly MetricCurve[];
  /** What its processes used. */
  readonly resources: readonly MetricCurve[];
  readonly checkpoints: readonly CheckpointRecord[];
  readonly evaluations: readonly EvaluationRecord[];
  readonly totals: readonly RolloutTotals[];
}

const healthMetrics = [
  "loss",
  "seconds",
  "reward",
  "exactMatch",
  "meanKl",
  "episodes",
  "failures",
  "groups",
  "droppedGroups",
  "zeroVarianceGroups",
  "searchesPerEpisode",
  "tokensPerEpisode",
  "validActions",
  "entropy",
  "clipFraction",
  "gradientNorm",
  "versionsBehind",
  "refusedUpdates",
  "peakRssGiB",
];

/** Under it processes store what they used. */
const resourceStage = "run";

export async function runRows(reads: StoreReads, run: RunRecord): Promise<RunRows> {
  const [drawn, curves, checkpoints] = await Promise.all([
    drawnRows(reads, run),
    metricCurves(reads, run.id, healthMetrics),
    reads.remember(run.id, "checkpoints", () => reads.store.checkpoints(run.id)),
  ]);
  return {
    ...drawn,
    run,
    curves: curves.filter(({ stage }) => stage !== resourceStage),
    resources: curves.filter(({ stage }) => stage === resourceStage),
    checkpoints,
  };
}

/** What says which curves a run has. */
export type DrawnRows = Pick<RunRows, "shape" | "latest" | "evaluations" | "totals">;

export async function drawnRows(reads: StoreReads, run: RunRecord): Promise<DrawnRows> {
  const { store } = reads;
  const [latest, evaluations, totals] = await Promise.all([
    reads.remember(run.id, "latest", async () => latestByName((await store.latestMetrics([run.id]))[0])),
    reads.remember(run.id, "evaluations", () => store.evaluations(run.id)),
    reads.remember(run.id, "totals", () => store.rolloutTotals([run.id])),
  ]);
  return { shape: runShape(run), latest, evaluations, totals };
}

/** Values of one metric, stage by stage. */
export const valuesOf = (curves: readonly MetricCurve[], metric: string): number[] =>
  curves.filter(({ name }) => name === metric).flatMap(({ values }) => values);

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
