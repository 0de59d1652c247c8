import { seedsPrefix, type Series, type SeriesList, type SeriesQuery } from "@litmus/api";
import type { Interval } from "@litmus/algorithms";
import type { MetricCurve, RunId, RunRecord } from "@litmus/core";
import { allRuns, knownRun } from "../known-run.ts";
import { metricInfo } from "../run/metric-catalogue.ts";
import { seedsOf } from "../run/related-runs.ts";
import type { StoreReads } from "../store-reads.ts";
import { downsample } from "./downsample.ts";
import { metricCurves } from "./metric-curves.ts";
import { axisMetric, runAxis } from "./run-axis.ts";
import { runCurve, storedMetrics } from "./run-curve.ts";
import { placePoints, seedBand, type PlacedPoint } from "./seed-band.ts";

const unitRange: Interval = { low: 0, high: 1 };

/**
 * Curves by source and metric. Each is made of the rows of its own runs alone.
 * @throws LitmusError `not-found` when a source is no run
 */
export async function seriesView(reads: StoreReads, query: SeriesQuery): Promise<SeriesList> {
  const sources = await Promise.all(query.sources.map((source) => openSource(reads, source, query)));
  const series = sources.flatMap((source) =>
    query.metrics.map((metric) => seriesOf(reads, { ...source, metric, query })),
  );
  return { x: query.x, series: await Promise.all(series) };
}

interface OpenedRun {
  readonly run: RunRecord;
  /** All that the curves asked for and their axis are made of. */
  readonly stored: readonly MetricCurve[];
}

interface Source {
  readonly source: string;
  readonly runs: readonly OpenedRun[];
  /** Whether it is a mean over seeds. */
  readonly isBand: boolean;
}

async function openSource(reads: StoreReads, source: string, { metrics, x }: SeriesQuery): Promise<Source> {
  const isBand = source.startsWith(seedsPrefix);
  const named = await knownRun(reads, source.slice(isBand ? seedsPrefix.length : 0) as RunId);
  const names = [...storedMetrics(metrics), axisMetric(x)].filter((name) => name !== null);
  const runs = (isBand ? seedsOf(named, await allRuns(reads)) : [named]).map(async (run) => ({
    run,
    stored: names.length === 0 ? [] : await metricCurves(reads, run.id, names),
  }));
  return { source, runs: await Promise.all(runs), isBand };
}

interface Request extends Source {
  readonly metric: string;
  readonly query: SeriesQuery;
}

async function seriesOf(reads: StoreReads, { source, runs, isBand, metric, query }: Request): Promise<Series> {
  const { x, from = -Infinity, to = Infinity } = query;
  const curves = await Promise.all(
    runs.map(async ({ run, stored }) => ({
      points: await runCurve(reads, { run, metric, stored }),
      axis: runAxis(run, x, stored),
    })),
  );
  const range = metricInfo(metric).unit === "share" ? unitRange : null;
  const placed = isBand ? seedBand(curves, range) : curves.flatMap(({ points, axis }) => placePoints(points, axis));
  const points = placed.filter((point) => point.x >= from && point.x <= to);
  const drawn = downsample(
    points.map(({ value }) => value),
    query.points,
  ).map((index) => points[index] as PlacedPoint);
  return {
    source,
    runIds: runs.map(({ run }) => run.id),
    metric,
    ...columnsOf(drawn),
    n: isBand ? drawn.map(({ n }) => n ?? 0) : null,
    total: points.length,
    isDownsampled: drawn.length < points.length,
    notFinite: points.reduce((sum, { notFinite }) => sum + notFinite, 0),
  };
}

function columnsOf(points: readonly PlacedPoint[]): Pick<Series, "x" | "y" | "low" | "high" | "stage" | "step"> {
  const hasIntervals = points.some(({ ci95 }) => ci95 !== null);
  return {
    x: points.map(({ x }) => x),
    y: points.map(({ value }) => (Number.isFinite(value) ? value : null)),
    low: hasIntervals ? points.map(({ ci95 }) => ci95?.low ?? null) : null,
    high: hasIntervals ? points.map(({ ci95 }) => ci95?.high ?? null) : null,
    stage: points.map(({ stage }) => stage),
    step: points.map(({ step }) => step),
  };
}
