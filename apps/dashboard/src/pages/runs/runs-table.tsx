import type { RunList } from "@litmus/api";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { shownIds } from "../../components/table/chosen-columns.ts";
import type { Column } from "../../components/table/column.ts";
import { DataTable } from "../../components/table/data-table.tsx";
import { Pagination } from "../../components/table/pagination.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { NoRuns } from "./no-runs.tsx";
import { RunCell } from "./run-cell.tsx";
import { partOf, runColumns } from "./run-columns.tsx";
import { runsView } from "./search.ts";
import { tableRows } from "./table-rows.ts";
import type { TableRow } from "./table-rows.ts";
import { useMemberRows } from "./use-member-rows.ts";

export interface RunsTableProps {
  readonly list: RunList;
  readonly isBusy: boolean;
  /** Told when a row that is not in the list yet is in sight, or near. */
  readonly onMissing: () => void;
}

const nameColumn: Column<TableRow> = {
  id: "name",
  label: "Run",
  widthRem: 20,
  isSortable: true,
  isFixed: true,
  cell: ({ row, role }) => <RunCell row={row} role={role} />,
};

/** All runs that the filters leave, with the columns that are chosen. */
export function RunsTable({ list, isBusy, onMissing }: RunsTableProps): ReactNode {
  const [view, setView] = useViewState(runsView);
  const runs = useMemberRows(view);
  const { expanded, sort, order, limit } = view;
  const rows = useMemo(() => tableRows({ list, expanded, runs }), [list, expanded, runs]);
  const columns = useMemo(() => [nameColumn, ...shownOf(list, view.columns)], [list, view.columns]);
  return (
    <>
      <DataTable
        label="Runs"
        columns={columns}
        rows={rows}
        rowId={keyOf}
        sort={{ column: sort, order }}
        onSort={(next) => setView({ sort: next.column, order: next.order, offset: 0 }, "push")}
        pinned={list.baseline === null ? 0 : 1}
        isBusy={isBusy}
        isMain
        expected={rows.length - list.rows.length + Math.min(list.total - list.offset, limit)}
        onMissing={onMissing}
        offset={list.offset}
        total={Math.max(list.total, rows.length)}
        empty={<NoRuns />}
      />
      <Pagination
        offset={list.offset}
        limit={limit}
        total={list.total}
        noun={view.group === "seeds" ? "groups of runs" : "runs"}
        onOffset={(offset) => setView({ offset }, "push")}
        onLimit={(rowsShown) => setView({ limit: rowsShown, offset: 0 })}
      />
    </>
  );
}

function shownOf({ columns, rows, baseline }: RunList, chosen: readonly string[]): Column<TableRow>[] {
  const shown = new Set(shownIds(columns, chosen));
  return columns
    .filter(({ id }) => id !== nameColumn.id && shown.has(id))
    .flatMap((column) => runColumns(column, { baseline, hasPart: rows.some((row) => partOf(row, column) !== null) }));
}

const keyOf = ({ key }: TableRow): string => key;
