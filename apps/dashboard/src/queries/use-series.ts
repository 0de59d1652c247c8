import type { ApiClient, SeriesList, XAxis } from "@litmus/api";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useApi } from "../api/api-provider.tsx";
import type { ChartZoom } from "../components/charts/chart-zoom.ts";
import { drawnSeries } from "../components/curves/drawn-series.ts";
import type { DrawnSeries } from "../components/curves/drawn-series.ts";
import { chartRequest, seriesOptions } from "./run-queries.ts";

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
  readonly series: readonly DrawnSeries[];
  /** Of these curves; another than was asked for while that is on its way. */
  readonly x: XAxis;
  readonly error: Error | null;
  /** Nothing is known yet. */
  readonly isPending: boolean;
  readonly refetch: () => void;
}

const none: readonly DrawnSeries[] = [];

/**
 * The curves chosen. Where a range is shown of curves that were down-sampled, it is fetched in more detail; until it comes, and
 * outside of it, the whole stands.
 */
export function useSeries({ sources, runIds, metrics, x, zoom }: SeriesChoice): SeriesState {
  const api: ApiClient = useApi();
  const request = chartRequest({ sources: [...sources], metrics: [...metrics], x });
  const whole = useQuery(seriesOptions(api, runIds, request));
  const isCoarse = whole.data?.series.some(({ isDownsampled }) => isDownsampled) ?? false;
  const near = useQuery({
    ...seriesOptions(api, runIds, zoom === null ? request : { ...request, ...aroundZoom(zoom) }),
    enabled: zoom !== null && isCoarse,
  });
  const detail = zoom === null || !isCoarse || near.isPlaceholderData ? undefined : near.data;
  const series = useMemo(() => (whole.data === undefined ? none : drawn(whole.data, detail)), [whole.data, detail]);
  return {
    series,
    x: whole.data?.x ?? x,
    error: whole.error ?? near.error,
    isPending: whole.isPending && whole.fetchStatus === "fetching",
    refetch: () => void Promise.all([whole.refetch(), ...(near.isEnabled ? [near.refetch()] : [])]),
  };
}

/** The curves of the whole, each with its points in more detail where they are there. */
function drawn({ x, series }: SeriesList, detail: SeriesList | undefined): readonly DrawnSeries[] {
  const keyOf = ({ source, metric }: SeriesList["series"][number]): string => JSON.stringify([source, metric]);
  const near = new Map(detail?.x === x ? detail.series.map((one) => [keyOf(one), one]) : []);
  return series.map((one) => drawnSeries(x, one, near.get(keyOf(one))));
}

/** Half the range more on both sides: lines go on to the edges of the chart, and an average has values to begin with. */
function aroundZoom({ from, to }: ChartZoom): { readonly from: number; readonly to: number } {
  const margin = (to - from) / 2;
  return { from: from - margin, to: to + margin };
}
