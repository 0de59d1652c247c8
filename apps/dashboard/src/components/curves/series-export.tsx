import { addressOf, maxPoints, routes } from "@litmus/api";
import type { XAxis } from "@litmus/api";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { ExportMenu } from "../controls/export-menu.tsx";

export interface SeriesExportProps {
  /** Begins the file's name. */
  readonly name: string;
  readonly sources: readonly string[];
  readonly metrics: readonly string[];
  readonly x: XAxis;
}

/** Metrics of one request, at most: `seriesQuery` says so. */
const mostMetrics = 40;

/** The points of the drawn curves as a file, as many of them as the server gives. */
export function SeriesExport({ name, sources, metrics, x }: SeriesExportProps): ReactNode {
  const api = useApi();
  const query = { sources: [...sources], metrics: metrics.slice(0, mostMetrics), x, points: maxPoints };
  const csv = async (): Promise<string> => (await api.request(addressOf(routes.seriesCsv, {}, query))).text();
  return (
    <ExportMenu
      formats={[
        { label: "CSV", fileName: `${name}-curves.csv`, load: csv },
        { label: "JSON", fileName: `${name}-curves.json`, load: async () => JSON.stringify(await api.series(query)) },
      ]}
    />
  );
}
