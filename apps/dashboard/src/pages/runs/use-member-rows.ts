import type { RunRow } from "@litmus/api";
import { maxRows } from "@litmus/api";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { runsOptions } from "../../queries/list-queries.ts";
import { runsQueryOf } from "./search.ts";
import type { RunsPageView } from "./search.ts";

const noFilter = { search: "", status: [], name: [] };
const none: ReadonlyMap<string, RunRow> = new Map();

/**
 * The runs of grouped rows, each by itself, by id; they are fetched when a group is first expanded. No filter is asked for: a group
 * is shown whole, with the members that no filter leaves.
 */
export function useMemberRows(view: RunsPageView): ReadonlyMap<string, RunRow> {
  const api = useApi();
  const query = runsQueryOf({ ...view, ...noFilter, group: "none", offset: 0, limit: maxRows });
  const isWanted = view.group === "seeds" && view.expanded.length > 0;
  const { data } = useQuery({ ...runsOptions(api, query), enabled: isWanted });
  return useMemo(() => (data === undefined ? none : new Map(data.rows.map((row) => [row.id, row]))), [data]);
}
