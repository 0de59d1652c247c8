import { maxMetrics, maxPoints } from "@litmus/api";
import type { ApiClient, SeriesList, XAxis } from "@litmus/api";

export interface SeriesToLoad {
  readonly sources: readonly string[];
  /** Any number. */
  readonly metrics: readonly string[];
  readonly x: XAxis;
}

/** Curves with as many points as the server gives, by as many requests as the metrics take. */
export async function loadSeries(
  api: Pick<ApiClient, "series">,
  { sources, metrics, x }: SeriesToLoad,
): Promise<SeriesList> {
  const starts = Array.from({ length: Math.ceil(metrics.length / maxMetrics) }, (_, i) => i * maxMetrics);
  const parts = await Promise.all(
    starts.map((start) =>
      api.series({ sources: [...sources], metrics: metrics.slice(start, start + maxMetrics), x, points: maxPoints }),
    ),
  );
  return { x, series: parts.flatMap(({ series }) => series) };
}
