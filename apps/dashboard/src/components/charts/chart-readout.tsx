import type { ReactNode } from "react";
import type { ChartSeries } from "./chart-series.ts";
import styles from "./line-chart.module.css";
import type { PlotReading } from "./plot-view.ts";
import { SeriesSwatch } from "./series-swatch.tsx";

export interface ChartReadoutProps {
  readonly reading: PlotReading;
  readonly series: readonly ChartSeries[];
  readonly xLabel: string;
  readonly formatX: (x: number) => string;
  readonly formatY: (y: number) => string;
}

const mostRows = 12;

/** The values under the crosshair, in the order of the series; spoken as they change. */
export function ChartReadout({ reading, series, xLabel, formatX, formatY }: ChartReadoutProps): ReactNode {
  const byId = new Map(series.map((one) => [one.id, one]));
  const shown = reading.values.slice(0, mostRows);
  const left = reading.values.length - shown.length;
  return (
    <div className={styles.readout} data-side={reading.isLeft ? "end" : "start"} aria-live="polite">
      <p className={styles.place}>
        {xLabel} {formatX(reading.x)}
      </p>
      <ul>
        {shown.map(({ id, y }) => (
          <li key={id} className={styles.reading}>
            <SeriesSwatch slot={byId.get(id)?.slot ?? 0} />
            <span className={styles.who}>{byId.get(id)?.label ?? id}</span>
            <span className={styles.number}>{formatY(y)}</span>
          </li>
        ))}
      </ul>
      {left > 0 && <p className={styles.place}>and {left} more in the table</p>}
    </div>
  );
}
