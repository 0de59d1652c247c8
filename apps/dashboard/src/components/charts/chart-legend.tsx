import type { ReactNode } from "react";
import type { ChartSeries } from "./chart-series.ts";
import styles from "./line-chart.module.css";
import { SeriesSwatch } from "./series-swatch.tsx";

export interface ChartLegendProps {
  readonly series: readonly Pick<ChartSeries, "id" | "label" | "slot">[];
  readonly hidden: ReadonlySet<string>;
  /** Absent: the legend only names. */
  readonly onToggle?: ((id: string) => void) | undefined;
}

/** Which line is whose; a press hides or shows one. */
export function ChartLegend({ series, hidden, onToggle }: ChartLegendProps): ReactNode {
  return (
    <ul className={styles.legend}>
      {series.map(({ id, label, slot }) => (
        <li key={id}>
          {onToggle === undefined ? (
            <span className={styles.entry}>
              <SeriesSwatch slot={slot} />
              {label}
            </span>
          ) : (
            <button
              type="button"
              className={styles.entry}
              aria-pressed={!hidden.has(id)}
              title={hidden.has(id) ? `Show ${label}` : `Hide ${label}`}
              onClick={() => onToggle(id)}
            >
              <SeriesSwatch slot={slot} />
              {label}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
