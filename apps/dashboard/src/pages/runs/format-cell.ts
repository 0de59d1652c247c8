import type { RunColumn, RunRow } from "@litmus/api";
import { formatDate } from "../../format/date.ts";
import { formatDuration } from "../../format/duration.ts";
import { formatCompact, formatCount, formatNumber, formatPercent, formatSigned, noValue } from "../../format/number.ts";

type Cell = RunRow["cells"][string];
type Kind = RunColumn["kind"];

/** A column's value of a run in words. */
export function formatCell(cell: Cell | undefined, kind: Kind): string {
  if (cell === undefined || cell === null) return noValue;
  if (typeof cell === "string") return kind === "time" ? formatDate(cell) : cell;
  return formatValue(cell, kind);
}

/** How much more a run has than the baseline, with its sign; of shares in percentage points. */
export function formatDifference(cell: Cell | undefined, baseline: Cell | undefined, kind: Kind): string {
  if (typeof cell !== "number" || typeof baseline !== "number") return noValue;
  const difference = cell - baseline;
  if (kind === "percent") return `${formatSigned(difference * 100, (value) => formatNumber(value, 1))} pp`;
  return formatSigned(difference, (value) => formatValue(value, kind));
}

function formatValue(value: number, kind: Kind): string {
  switch (kind) {
    case "count":
      return formatCount(value);
    case "percent":
      return formatPercent(value);
    case "duration":
      return formatDuration(value * 1000);
    case "tokens":
      return formatCompact(value);
    case "number":
    case "text":
    case "status":
    case "time":
      return formatNumber(value);
    default:
      return kind satisfies never;
  }
}

/** Whether a column's values can be subtracted in a way that says something. */
export const hasDifference = ({ kind, group }: Pick<RunColumn, "kind" | "group">): boolean =>
  group !== "run" && group !== "config" && kind !== "text" && kind !== "status" && kind !== "time";
