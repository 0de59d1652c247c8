import type { ApiClient } from "@litmus/api";
import { chartRequest, seriesOptions } from "../../queries/run-queries.ts";
import type { ComparePageView } from "./search.ts";

/** Drawn where the address names none. */
export const firstMetrics = ["reward", "evaluation.exactMatch", "meanKl", "searchesPerEpisode"];

/** The first chart's curves, unless they are means: which runs share one, only the comparison says. */
export function firstCurves(api: ApiClient, { runs, metrics, x, seeds }: ComparePageView) {
  const first = (metrics.length === 0 ? firstMetrics : metrics).slice(0, 1);
  const options = seriesOptions(api, runs, chartRequest({ sources: runs, metrics: first, x }));
  return seeds ? { ...options, enabled: false } : options;
}
