import type { Series, SeriesList, SeriesQuery } from "@litmus/api";
import type { Interval } from "@litmus/algorithms";
import type { RunId, RunRecord } from "@litmus/core";
import { allRuns, knownRun } from "../known-run.ts";
import { metricInfo } from "../run/metric-catalogue.ts";
import { seedsOf } from "../run/related-runs.ts";
import type { StoreReads } from "../store-reads.ts";
import { downsample } from "./downsample.ts";
import { runAxis } from "./run-axis.ts";
import { runCurve } from "./run-curve.ts";
import { placePoints, seedBand, type PlacedPoint } from "./seed-band.ts";

const seedsPrefix = "seeds:";
const unitRange: Interval = { low: 0, high: 1 };

/**
 * Curves by source and metric. Each is made of the rows of its own runs alone.
 * @throws LitmusError `not-found` when a source is no run
 */
export async function seriesView(reads: StoreReads, query: SeriesQuery): Promise<SeriesList> {
  const sources = await Promise.all(query.sources.map((source) => openSource(reads, source)));
  const series: Series[] = [];
  for (const source of sources)
    for (const metric of query.metrics) series.push(await seriesOf(reads, { ...source, metric, query }));
  return { x: query.x, series };
}

interface Source {
  readonly source: string;
  readonly runs: readonly RunRecord[];
  /** Whether it is a mean over seeds. */
  readonly isBand: boolean;
}

async function openSource(reads: StoreReads, source: string): Promise<Source> {
  const isBand = source.startsWith(seedsPrefix);
  const run = await knownRun(reads, source.slice(isBand ? seedsPrefix.length : 0) as RunId);
  return { source, runs: isBand ? seedsOf(run, await allRuns(reads)) : [run], isBand };
}

interface Request extends Source {
  readonly metric: string;
  readonly query: SeriesQuery;
}

async function seriesOf(reads: StoreReads, { source, runs, isBand, metric, query }: Request): Promise<Series> {
  const { x, from = -Infinity, to = Infinity } = query;
  const curves = await Promise.all(
    runs.map(async (run) => ({ points: await runCurve(reads, run, metric), axis: await runAxis(reads, run, x) })),
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
    runIds: runs.map(({ id }) => id),
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
