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

export interface ColumnPlace {
  readonly baseline: RunRow | null;
  /** Whether some row shows its mean over a part of its runs: that takes more room. */
  readonly hasPart: boolean;
}

/** How the table draws a column of the server, and beside it the difference from the baseline where that has a value. */
export function runColumns(column: RunColumn, { baseline, hasPart }: ColumnPlace): Column<TableRow>[] {
  const value = valueColumn(column, hasPart);
  const isCompared = baseline !== null && hasDifference(column) && typeof baseline.cells[column.id] === "number";
  return isCompared ? [value, differenceColumn(column, baseline)] : [value];
}

const partRem = 4;

function valueColumn(column: RunColumn, hasPart: boolean): Column<TableRow> {
  const { id, label, hint, kind } = column;
  const isNumber = isNumeric(kind);
  return {
    id,
    label,
    hint,
    isSortable: true,
    widthRem: hasPart ? Math.max(widths[kind] + partRem, widthOf(column)) : widthOf(column),
    align: isNumber ? "end" : "start",
    firstOrder: isNumber || kind === "time" ? "descending" : "ascending",
    cell: ({ row }) => (kind === "status" ? <StatusBadge status={row.status} /> : valueOf(row, column)),
  };
}

/** How many of a group's runs a mean is over, where not all of them have a value; else null. */
export function partOf({ members, n }: RunRow, { id }: Pick<RunColumn, "id">): number | null {
  const known = n[id];
  return known === undefined || known === members.length ? null : known;
}

/** A plain text where nothing is to be added: the table shows it whole on hover. */
function valueOf(row: RunRow, column: RunColumn): ReactNode {
  const value = formatCell(row.cells[column.id], column.kind);
  const part = partOf(row, column);
  if (part === null) return value;
  const all = row.members.length;
  return (
    <>
      {value}{" "}
      <small className={styles.seeds} title={`The mean of ${part} of the ${all} runs: no other has a value`}>
        n {part} of {all}
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
