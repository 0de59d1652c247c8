import { useId, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { formatNumber } from "../../format/number.ts";
import type { NumberFormat } from "../../format/number.ts";
import { IconButton } from "../controls/icon-button.tsx";
import { Hint } from "../overlays/hint.tsx";
import { ChartLegend } from "./chart-legend.tsx";
import { ChartReadout } from "./chart-readout.tsx";
import type { ChartSeries } from "./chart-series.ts";
import { ChartTable } from "./chart-table.tsx";
import type { ChartZoom } from "./chart-zoom.ts";
import styles from "./line-chart.module.css";
import { plotLines } from "./plot-lines.ts";
import type { ChartMark, PlotReading, PlotView } from "./plot-view.ts";
import { Plot } from "./plot.tsx";
import { useInView } from "./use-in-view.ts";

export interface LineChartProps {
  readonly title: string;
  /** What the number is; explains the title. */
  readonly hint?: ReactNode;
  readonly series: readonly ChartSeries[];
  /** Ids of series that are not drawn; the others stay as they are. */
  readonly hidden?: ReadonlySet<string>;
  /** With it the legend's entries hide and show their series. */
  readonly onToggle?: (id: string) => void;
  readonly hasLegend?: boolean;
  /** What x is: `step`. */
  readonly xLabel: string;
  readonly formatX?: NumberFormat;
  readonly formatY?: NumberFormat;
  /** What y spans at least. */
  readonly domain?: readonly [number, number];
  /** What x spans at least where nothing is zoomed: with it the charts of one board end together. */
  readonly span?: ChartZoom;
  /** Weight of the past in the drawn average, in [0, 1); the raw line then stays faint behind it. */
  readonly smoothing?: number;
  readonly marks?: readonly ChartMark[];
  /** Whether every point is marked, with its interval, and joined by a thin line: of curves that have few. */
  readonly hasPoints?: boolean;
  /** Charts of one key share their crosshair. */
  readonly syncKey?: string;
  /** The shown range of x, where it is held outside, with its `onZoom`; null shows all. */
  readonly zoom?: ChartZoom | null;
  readonly onZoom?: (zoom: ChartZoom | null) => void;
  /** Whether the table is shown in place of the drawing, where it is held outside, with its `onTable`. */
  readonly isTable?: boolean;
  readonly onTable?: (isTable: boolean) => void;
  /** In pixels. */
  readonly height?: number;
  /** What must be known of the points: that some were left out. */
  readonly note?: ReactNode;
  /** Stands where there is no point. */
  readonly empty?: string;
}

const nothingHidden: ReadonlySet<string> = new Set();
const noMarks: readonly ChartMark[] = [];

/** Curves over a common x, with crosshair, zoom and values by mouse and keyboard, and the same numbers as a table. */
export function LineChart(props: LineChartProps): ReactNode {
  const { title, hint, series, onToggle, xLabel, syncKey, height = 220, note, smoothing = 0, domain, span } = props;
  const { hidden = nothingHidden, marks = noMarks, formatX = formatNumber, formatY = formatNumber } = props;
  const { hasLegend = series.length > 1, empty = "No points yet", hasPoints = false } = props;
  const [ownZoom, setOwnZoom] = useState<ChartZoom | null>(null);
  const { zoom = ownZoom, onZoom = setOwnZoom } = props;
  const [isOwnTable, setOwnTable] = useState(false);
  const { isTable = isOwnTable, onTable = setOwnTable } = props;
  const [reading, setReading] = useState<PlotReading | null>(null);
  const frame = useRef<HTMLElement>(null);
  const isInView = useInView(frame);
  const titleId = useId();
  const isEmpty = series.every(({ x }) => x.length === 0);
  const lines = useMemo(() => plotLines(series, smoothing), [series, smoothing]);
  const view: PlotView = { zoom, onZoom, hidden, marks, hasPoints, domain, span, formatX, formatY };
  return (
    <figure ref={frame} className={styles.chart} aria-labelledby={titleId}>
      <figcaption className={styles.head}>
        <h3 id={titleId} className={styles.title}>
          {hint === undefined ? title : <Hint text={hint}>{title}</Hint>}
        </h3>
        <span className={styles.tools}>
          {zoom !== null && (
            <IconButton size="small" icon="zoom-out" label="Show all of x" onClick={() => onZoom(null)} />
          )}
          <IconButton
            size="small"
            icon={isTable ? "chart" : "table"}
            label={isTable ? `Show ${title} as a chart` : `Show ${title} as a table`}
            onClick={() => onTable(!isTable)}
          />
        </span>
      </figcaption>
      {isTable ? (
        <div className={styles.data}>
          <ChartTable {...{ title, series, hidden, xLabel, formatX, formatY, zoom }} />
        </div>
      ) : (
        <div className={styles.stage} style={{ minHeight: height }}>
          {isInView && !isEmpty && <Plot label={title} {...{ lines, view, height, syncKey }} onReading={setReading} />}
          {reading !== null && <ChartReadout {...{ reading, series, xLabel, formatX, formatY }} />}
          {isEmpty && <p className={styles.empty}>{empty}</p>}
        </div>
      )}
      {hasLegend && <ChartLegend series={series} hidden={hidden} onToggle={onToggle} />}
      {note !== undefined && <p className={styles.note}>{note}</p>}
    </figure>
  );
}
