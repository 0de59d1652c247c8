import type { SeriesList, SeriesQuery } from "@litmus/api";
import type { RunId } from "@litmus/core";
import { knownRun } from "../known-run.ts";
import { runMetrics } from "../run/run-metrics.ts";
import { runRows } from "../run/run-rows.ts";
import type { StoreReads } from "../store-reads.ts";
import { seriesView } from "./series-view.ts";

/** Every point of every curve of a run. @throws LitmusError `not-found` when there is no such run */
export async function allSeries(reads: StoreReads, runId: RunId, x: SeriesQuery["x"]): Promise<SeriesList> {
  const metrics = runMetrics(await runRows(reads, await knownRun(reads, runId))).map(({ name }) => name);
  return seriesView(reads, { sources: [runId], metrics, x, points: Number.MAX_SAFE_INTEGER });
}
