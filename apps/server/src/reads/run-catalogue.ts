import type { EvaluationRecord, RolloutTotals, RunId, RunRecord } from "@litmus/core";
import { rootPlace } from "../config/config-leaves.ts";
import { configValues, type ConfigValues } from "../config/config-values.ts";
import type { StoreReader } from "../store-reader.ts";
import { latestByName, type LatestMetric } from "./latest-metrics.ts";
import type { RevisionWatch } from "./revision-watch.ts";

/** What lists over all runs show of one. The same object until the run changes. */
export interface CataloguedRun {
  readonly run: RunRecord;
  /** Of its config. */
  readonly values: ConfigValues;
  /** By name, of each what was written last. */
  readonly latest: ReadonlyMap<string, LatestMetric>;
  /** In the order written. */
  readonly evaluations: readonly EvaluationRecord[];
  readonly totals: readonly RolloutTotals[];
}

/** Newest first. The same list until a run changes. */
export type Catalogue = readonly CataloguedRun[];

/** Runs that are read one by one; more are read all at once. */
const readAlone = 20;

/** Reads all runs once, then only those whose revision changed; who asks at the same time shares a read. */
export function createCatalogue(store: StoreReader, watch: RevisionWatch): () => Promise<Catalogue> {
  const known = new Map<RunId, CataloguedRun & { readonly revision: number }>();
  let catalogue: Catalogue = [];
  let reading: Promise<Catalogue> | null = null;

  const readChanged = async (): Promise<Catalogue> => {
    const changed = watch.revisions().filter(({ runId, revision }) => known.get(runId)?.revision !== revision);
    if (changed.length === 0) return catalogue;
    const revisions = new Map(changed.map(({ runId, revision }) => [runId, revision]));
    for (const found of await readRuns(store, [...revisions.keys()]))
      known.set(found.run.id, { ...found, revision: revisions.get(found.run.id) ?? 0 });
    catalogue = [...known.values()].sort(newestFirst);
    return catalogue;
  };

  return async () => {
    await watch.refresh();
    // One under way may have begun before that look: its error is told to those who began it.
    await reading?.catch(() => undefined);
    reading ??= readChanged().finally(() => (reading = null));
    return reading;
  };
}

const newestFirst = (a: CataloguedRun, b: CataloguedRun): number =>
  a.run.createdAt === b.run.createdAt ? (a.run.id < b.run.id ? 1 : -1) : a.run.createdAt < b.run.createdAt ? 1 : -1;

async function readRuns(store: StoreReader, ids: readonly RunId[]): Promise<CataloguedRun[]> {
  const root = rootPlace();
  const [runs, metrics, evaluations, totals] = await Promise.all([
    // The store reads the rest meanwhile.
    runsOf(store, ids).then((found) => found.map((run) => ({ run, values: configValues(run.config, root) }))),
    store.latestMetrics(ids),
    store.evaluationsOf(ids),
    store.rolloutTotals(ids),
  ]);
  const metricsOf = new Map(metrics.map((columns) => [columns.runId, columns]));
  const [scoresOf, totalsOf] = [byRun(evaluations), byRun(totals)];
  return runs.map(({ run, values }) => ({
    run,
    values,
    latest: latestByName(metricsOf.get(run.id)),
    evaluations: scoresOf.get(run.id) ?? [],
    totals: totalsOf.get(run.id) ?? [],
  }));
}

async function runsOf(store: StoreReader, ids: readonly RunId[]): Promise<RunRecord[]> {
  const wanted = new Set(ids);
  const found = ids.length > readAlone ? await store.runs() : await Promise.all(ids.map((id) => store.run(id)));
  return found.filter((run) => run !== null).filter(({ id }) => wanted.has(id));
}

const byRun = <Row extends { readonly runId: RunId }>(rows: readonly Row[]): Map<RunId, Row[]> =>
  Map.groupBy(rows, ({ runId }) => runId);
