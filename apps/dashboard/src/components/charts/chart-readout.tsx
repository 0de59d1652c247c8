import type { ReactNode } from "react";
import { formatCount } from "../../format/number.ts";
import type { ChartSeries } from "./chart-series.ts";
import styles from "./line-chart.module.css";
import type { PlotReading, ReadValue } from "./plot-view.ts";
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
        {shown.map((value) => (
          <li key={value.id} className={styles.reading}>
            <SeriesSwatch slot={byId.get(value.id)?.slot ?? 0} />
            <span className={styles.who}>{byId.get(value.id)?.label ?? value.id}</span>
            <Value value={value} formatY={formatY} />
          </li>
        ))}
      </ul>
      {left > 0 && <p className={styles.place}>and {left} more in the table</p>}
    </div>
  );
}

/** The value with its interval and the runs that it is over; beside a smoothed one, each of the two by its name. */
function Value({ value, formatY }: { readonly value: ReadValue; readonly formatY: (y: number) => string }): ReactNode {
  const { point, smoothed } = value;
  const { y, low, high, n } = point;
  return (
    <span className={styles.value}>
      {smoothed !== null && (
        <>
          smoothed <span className={styles.number}>{formatY(smoothed)}</span>, raw{" "}
        </>
      )}
      {y !== null && <span className={styles.number}>{formatY(y)}</span>}
      {low !== null && high !== null && ` (${formatY(low)}–${formatY(high)})`}
      {n !== null && ` n ${formatCount(n)}`}
    </span>
  );
}
