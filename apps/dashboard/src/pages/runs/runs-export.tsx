import { addressOf, maxRows, routes } from "@litmus/api";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { ExportMenu } from "../../components/controls/export-menu.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { runsQueryOf, runsView } from "./search.ts";

/** The runs that the filters leave, with the columns shown, as a file. */
export function RunsExport(): ReactNode {
  const api = useApi();
  const [view] = useViewState(runsView);
  const query = { ...runsQueryOf(view), offset: 0, limit: maxRows };
  const csv = async (): Promise<string> => (await api.request(addressOf(routes.runsCsv, {}, query))).text();
  const json = async (): Promise<string> => JSON.stringify(await api.runs(query), null, 2);
  return (
    <ExportMenu
      formats={[
        { label: "CSV", fileName: "litmus-runs.csv", load: csv },
        { label: "JSON", fileName: "litmus-runs.json", load: json },
      ]}
    />
  );
}
