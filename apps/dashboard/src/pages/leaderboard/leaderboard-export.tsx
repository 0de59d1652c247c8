import { leaderboardCsv, maxRows } from "@litmus/api";
import type { Leaderboard } from "@litmus/api";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { everyRow } from "../../api/every-row.ts";
import { ExportMenu } from "../../components/controls/export-menu.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { leaderboardQueryOf, leaderboardView } from "./search.ts";

/** What the filters leave, all pages of it, as a file. */
export function LeaderboardExport(): ReactNode {
  const api = useApi();
  const [view] = useViewState(leaderboardView);
  const board = async (): Promise<Leaderboard> => {
    const load = (offset: number) => api.leaderboard({ ...leaderboardQueryOf(view), offset, limit: maxRows });
    const { first, rows } = await everyRow(load, (page) => page.entries);
    return { ...first, entries: [...rows] };
  };
  const csv = async (): Promise<string> => leaderboardCsv(await board());
  const json = async (): Promise<string> => JSON.stringify(await board(), null, 2);
  return (
    <ExportMenu
      formats={[
        { label: "CSV", fileName: "litmus-leaderboard.csv", load: csv },
        { label: "JSON", fileName: "litmus-leaderboard.json", load: json },
      ]}
    />
  );
}
