import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/api-provider.tsx";
import { seriesOptions } from "../../queries/run-queries.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { compareView } from "./search.ts";

/** Drawn where the address names none. */
export const firstMetrics = ["reward", "evaluation.exactMatch", "meanKl", "searchesPerEpisode"];

/** Asks for the first chart's curves beside the comparison rather than after it. */
export function useFirstCurves(): void {
  const api = useApi();
  const [{ runs, metrics, x }] = useViewState(compareView);
  const first = (metrics.length === 0 ? firstMetrics : metrics).slice(0, 1);
  // The chart reads the answer by the same key; nothing here is drawn anew for it.
  useQuery({ ...seriesOptions(api, runs, { sources: runs, metrics: first, x }), notifyOnChangeProps: [] });
}
