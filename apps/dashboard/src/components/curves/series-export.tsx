import { seriesCsv } from "@litmus/api";
import type { XAxis } from "@litmus/api";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { loadSeries } from "../../queries/load-series.ts";
import { ExportMenu } from "../controls/export-menu.tsx";

export interface SeriesExportProps {
  /** Begins the file's name. */
  readonly name: string;
  readonly sources: readonly string[];
  readonly metrics: readonly string[];
  readonly x: XAxis;
}

/** The points of the drawn curves as a file, as many of each as the server gives: a column says whether it has more. */
export function SeriesExport({ name, ...choice }: SeriesExportProps): ReactNode {
  const api = useApi();
  return (
    <ExportMenu
      formats={[
        { label: "CSV", fileName: `${name}-curves.csv`, load: async () => seriesCsv(await loadSeries(api, choice)) },
        {
          label: "JSON",
          fileName: `${name}-curves.json`,
          load: async () => JSON.stringify(await loadSeries(api, choice)),
        },
      ]}
    />
  );
}
