import { leaderboardSorts } from "@litmus/api";
import type { Leaderboard, LeaderboardEntry, LeaderboardQuery } from "@litmus/api";
import type { ReactNode } from "react";
import { DataTable } from "../../components/table/data-table.tsx";
import { Pagination } from "../../components/table/pagination.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { policyRows } from "./policy-rows.ts";
import { leaderboardView } from "./search.ts";
import { usePolicyColumns } from "./use-policy-columns.tsx";

export interface PolicyTableProps {
  readonly board: Leaderboard;
  readonly isBusy: boolean;
}

const isSort = (column: string): column is LeaderboardQuery["sort"] => leaderboardSorts.some((sort) => sort === column);

/** The policies of one evaluation set; baselines first, whatever the order of the others. */
export function PolicyTable({ board, isBusy }: PolicyTableProps): ReactNode {
  const [{ sort, order, limit }, setView] = useViewState(leaderboardView);
  const { rows, pinned } = policyRows(board);
  const columns = usePolicyColumns(board, pinned);
  return (
    <>
      <DataTable
        label="Policies"
        columns={columns}
        rows={rows}
        rowId={idOf}
        sort={{ column: sort === "runName" ? "policy" : sort, order }}
        onSort={({ column, order: next }) => {
          const chosen = column === "policy" ? "runName" : column;
          if (isSort(chosen)) setView({ sort: chosen, order: next, offset: 0 }, "push");
        }}
        pinned={pinned.size}
        isBusy={isBusy}
        isMain
        empty="No policy matches these filters."
      />
      <Pagination
        offset={board.offset}
        limit={limit}
        total={board.total}
        noun="policies"
        onOffset={(offset) => setView({ offset }, "push")}
        onLimit={(rowsShown) => setView({ limit: rowsShown, offset: 0 })}
      />
    </>
  );
}

const idOf = ({ id }: LeaderboardEntry): string => id;
