import { addressOf, maxRows, routes } from "@litmus/api";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { ExportMenu } from "../../components/controls/export-menu.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { leaderboardQueryOf, leaderboardView } from "./search.ts";

/** What the filters leave, all pages of it, as a file. */
export function LeaderboardExport(): ReactNode {
  const api = useApi();
  const [view] = useViewState(leaderboardView);
  const query = { ...leaderboardQueryOf(view), offset: 0, limit: maxRows };
  const csv = async (): Promise<string> => (await api.request(addressOf(routes.leaderboardCsv, {}, query))).text();
  const json = async (): Promise<string> => JSON.stringify(await api.leaderboard(query), null, 2);
  return (
    <ExportMenu
      formats={[
        { label: "CSV", fileName: "litmus-leaderboard.csv", load: csv },
        { label: "JSON", fileName: "litmus-leaderboard.json", load: json },
      ]}
    />
  );
}
