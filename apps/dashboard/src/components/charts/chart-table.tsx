import { useMemo } from "react";
import type { ReactNode } from "react";
import { noValue } from "../../format/number.ts";
import type { Column } from "../table/column.ts";
import { DataTable } from "../table/data-table.tsx";
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

interface ChartRow {
  readonly x: number;
  readonly y: ReadonlyMap<string, number>;
}

/** The points that a chart draws, unsmoothed, as a table. */
export function ChartTable({ title, series, hidden, xLabel, formatX, formatY, zoom }: ChartTableProps): ReactNode {
  const shown = useMemo(() => series.filter(({ id }) => !hidden.has(id)), [series, hidden]);
  const rows = useMemo(() => chartRows(shown, zoom), [shown, zoom]);
  const columns: Column<ChartRow>[] = [
    { id: "x", label: xLabel, widthRem: 8, cell: ({ x }) => formatX(x) },
    ...shown.map(({ id, label }): Column<ChartRow> => ({
      id,
      label,
      widthRem: 9,
      align: "end",
      cell: ({ y }) => {
        const value = y.get(id);
        return value === undefined ? noValue : formatY(value);
      },
    })),
  ];
  return <DataTable label={`${title}: data`} columns={columns} rows={rows} rowId={({ x }) => String(x)} />;
}

function chartRows(series: readonly ChartSeries[], zoom: ChartZoom | null): ChartRow[] {
  const byX = new Map<number, Map<string, number>>();
  for (const { id, x, y } of series) {
    x.forEach((at, i) => {
      const value = y[i] ?? null;
      if (zoom !== null && (at < zoom.from || at > zoom.to)) return;
      const row = byX.get(at) ?? new Map<string, number>();
      byX.set(at, row);
      if (value !== null) row.set(id, value);
    });
  }
  return [...byX].sort(([a], [b]) => a - b).map(([x, y]) => ({ x, y }));
}
