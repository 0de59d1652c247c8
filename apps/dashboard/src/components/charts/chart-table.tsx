import { useMemo } from "react";
import type { ReactNode } from "react";
import { formatCount, noValue } from "../../format/number.ts";
import type { Column } from "../table/column.ts";
import { DataTable } from "../table/data-table.tsx";
import { chartRows } from "./chart-rows.ts";
import type { ChartRow, RowPoint } from "./chart-rows.ts";
import type { ChartSeries } from "./chart-series.ts";
import type { ChartZoom } from "./chart-zoom.ts";

export interface ChartTableProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly hidden: ReadonlySet<string>;
  readonly xLabel: string;
  readonly formatX: (x: number) => string;
  readonly formatY: (y: number) => string;
  readonly zoom: ChartZoom | null;
}

/** The points that a chart draws, unsmoothed, with their intervals, as a table. */
export function ChartTable({ title, series, hidden, xLabel, formatX, formatY, zoom }: ChartTableProps): ReactNode {
  const shown = useMemo(() => series.filter(({ id }) => !hidden.has(id)), [series, hidden]);
  const rows = useMemo(() => chartRows(shown, zoom), [shown, zoom]);
  const columns = useMemo((): Column<ChartRow>[] => {
    const hasStages = shown.some(({ stage }) => stage !== undefined);
    return [
      { id: "x", label: xLabel, widthRem: 8, cell: ({ x }) => formatX(x) },
      ...(hasStages ? [{ id: "stage", label: "Stage", widthRem: 8, cell: stageOf }] : []),
      ...shown.flatMap((one) => seriesColumns(one, formatY)),
    ];
  }, [shown, xLabel, formatX, formatY]);
  return <DataTable label={`${title}: data`} columns={columns} rows={rows} rowId={keyOf} />;
}

const keyOf = ({ key }: ChartRow): string => key;

const stageOf = ({ stage, step }: ChartRow): string =>
  stage === null ? noValue : step === null ? stage : `${stage}, ${formatCount(step)}`;

/** Its values, and the ends of their intervals and the runs they are over where it has them. */
function seriesColumns({ id, label, low, high, n }: ChartSeries, formatY: (y: number) => string): Column<ChartRow>[] {
  const column = (part: keyof RowPoint, name: string, format: (value: number) => string): Column<ChartRow> => ({
    id: `${id} ${part}`,
    label: name,
    widthRem: part === "y" ? 9 : 7,
    align: "end",
    cell: ({ points }) => {
      const value = points.get(id)?.[part] ?? null;
      return value === null ? noValue : format(value);
    },
  });
  const hasInterval = (low ?? null) !== null && (high ?? null) !== null;
  return [
    column("y", label, formatY),
    ...(hasInterval ? [column("low", `${label}: low`, formatY), column("high", `${label}: high`, formatY)] : []),
    ...((n ?? null) === null ? [] : [column("n", `${label}: n`, formatCount)]),
  ];
}
