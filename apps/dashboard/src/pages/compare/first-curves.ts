import type { ApiClient } from "@litmus/api";
import { chartRequest, seriesOptions } from "../../queries/run-queries.ts";
import type { ComparePageView } from "./search.ts";

/** Drawn where the address names none. */
export const firstMetrics = ["reward", "evaluation.exactMatch", "meanKl", "searchesPerEpisode"];

/** The first chart's curves. */
export function firstCurves(api: ApiClient, { runs, metrics, x }: ComparePageView) {
  const first = (metrics.length === 0 ? firstMetrics : metrics).slice(0, 1);
  return seriesOptions(api, runs, chartRequest({ sources: runs, metrics: first, x }));
}
