import type { RunColumn, RunRow } from "@litmus/api";
import type { ReactNode } from "react";
import { StatusBadge } from "../../components/layout/status-badge.tsx";
import type { Column } from "../../components/table/column.ts";
import { formatCell, formatDifference, hasDifference } from "./format-cell.ts";
import styles from "./runs.module.css";
import type { TableRow } from "./table-rows.ts";

const widths: Record<RunColumn["kind"], number> = {
  text: 11,
  status: 8,
  count: 7.5,
  number: 8,
  percent: 8.5,
  time: 9.5,
  duration: 8.5,
  tokens: 8,
};

/** Room for the label too, within reason. */
const widthOf = ({ kind, label }: RunColumn): number => Math.max(widths[kind], Math.min(15, 3.5 + 0.43 * label.length));

const isNumeric = (kind: RunColumn["kind"]): boolean => !["text", "status", "time"].includes(kind);

/** How the table draws a column of the server, and beside it the difference from the baseline where that has a value. */
export function runColumns(column: RunColumn, baseline: RunRow | null): Column<TableRow>[] {
  const value = valueColumn(column);
  const isCompared = baseline !== null && hasDifference(column) && typeof baseline.cells[column.id] === "number";
  return isCompared ? [value, differenceColumn(column, baseline)] : [value];
}

function valueColumn(column: RunColumn): Column<TableRow> {
  const { id, label, hint, kind } = column;
  const isNumber = isNumeric(kind);
  return {
    id,
    label,
    hint,
    isSortable: true,
    widthRem: widthOf(column),
    align: isNumber ? "end" : "start",
    firstOrder: isNumber || kind === "time" ? "descending" : "ascending",
    cell: ({ row }) => (kind === "status" ? <StatusBadge status={row.status} /> : <Value row={row} column={column} />),
  };
}

/** Of a group's mean also over how many of its runs it is, where not all of them have a value. */
function Value({ row, column: { id, kind } }: { readonly row: RunRow; readonly column: RunColumn }): ReactNode {
  const value = formatCell(row.cells[id], kind);
  const n = row.n[id];
  if (n === undefined || n === row.members.length) return value;
  return (
    <>
      {value}{" "}
      <small
        className={styles.seeds}
        title={`The mean of ${n} of the ${row.members.length} runs: no other has a value`}
      >
        n {n} of {row.members.length}
      </small>
    </>
  );
}

function differenceColumn(column: RunColumn, baseline: RunRow): Column<TableRow> {
  const { id, label, kind } = column;
  return {
    id: `difference.${id}`,
    label: `Δ ${label}`,
    hint: `${label} minus that of the baseline, ${baseline.name}.`,
    widthRem: widthOf(column),
    align: "end",
    cell: ({ row, role }) => (role === "baseline" ? "" : formatDifference(row.cells[id], baseline.cells[id], kind)),
  };
}
