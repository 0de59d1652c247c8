import type { ApiClient, Series, XAxis } from "@litmus/api";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../api/api-provider.tsx";
import type { ChartZoom } from "../components/charts/chart-zoom.ts";
import { seriesOptions } from "./run-queries.ts";

export interface SeriesChoice {
  /** Run ids, or `seeds:` and a run id. */
  readonly sources: readonly string[];
  /** The runs whose changes make the curves old. */
  readonly runIds: readonly string[];
  readonly metrics: readonly string[];
  readonly x: XAxis;
  readonly zoom: ChartZoom | null;
}

export interface SeriesState {
  readonly series: readonly Series[];
  /** Of these curves; another than was asked for while that is on its way. */
  readonly x: XAxis;
  readonly error: Error | null;
  /** Nothing is known yet. */
  readonly isPending: boolean;
  readonly refetch: () => void;
}

const none: readonly Series[] = [];

/**
 * The curves chosen. Where a range is shown of curves that were down-sampled, it is fetched in more detail; until it comes, and
 * outside of it, the whole stands.
 */
export function useSeries({ sources, runIds, metrics, x, zoom }: SeriesChoice): SeriesState {
  const api: ApiClient = useApi();
  const request = { sources: [...sources], metrics: [...metrics], x };
  const whole = useQuery(seriesOptions(api, runIds, request));
  const isCoarse = whole.data?.series.some(({ isDownsampled }) => isDownsampled) ?? false;
  const near = useQuery({
    ...seriesOptions(api, runIds, zoom === null ? request : { ...request, ...aroundZoom(zoom) }),
    enabled: zoom !== null && isCoarse,
  });
  const detail = zoom === null || !isCoarse || near.isPlaceholderData ? undefined : near.data;
  const shown = detail ?? whole.data;
  return {
    series: shown?.series ?? none,
    x: shown?.x ?? x,
    error: whole.error ?? near.error,
    isPending: whole.isPending && whole.fetchStatus === "fetching",
    refetch: () => void Promise.all([whole.refetch(), ...(near.isEnabled ? [near.refetch()] : [])]),
  };
}

/** Half the range more on both sides: lines go on to the edges of the chart, and an average has values to begin with. */
function aroundZoom({ from, to }: ChartZoom): { readonly from: number; readonly to: number } {
  const margin = (to - from) / 2;
  return { from: from - margin, to: to + margin };
}
