import { maxRows, runsCsv } from "@litmus/api";
import type { RunList } from "@litmus/api";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { everyRow } from "../../api/every-row.ts";
import { ExportMenu } from "../../components/controls/export-menu.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { runsQueryOf, runsView } from "./search.ts";

/** The runs that the filters leave, with the columns shown, as a file. */
export function RunsExport(): ReactNode {
  const api = useApi();
  const [view] = useViewState(runsView);
  const list = async (): Promise<RunList> => {
    const load = (offset: number) => api.runs({ ...runsQueryOf(view), offset, limit: maxRows });
    const { first, rows } = await everyRow(load, (page) => page.rows);
    return { ...first, rows: [...rows] };
  };
  const csv = async (): Promise<string> => runsCsv(await list());
  const json = async (): Promise<string> => JSON.stringify(await list(), null, 2);
  return (
    <ExportMenu
      formats={[
        { label: "CSV", fileName: "litmus-runs.csv", load: csv },
        { label: "JSON", fileName: "litmus-runs.json", load: json },
      ]}
    />
  );
}
