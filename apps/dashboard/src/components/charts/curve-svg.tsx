import type { ReactNode } from "react";
import { formatNumber } from "../../format/number.ts";
import type { NumberFormat } from "../../format/number.ts";
import { axisTicks, tickLabels } from "./axis-ticks.ts";
import type { ChartSeries } from "./chart-series.ts";
import { CurvePoints } from "./curve-points.tsx";
import { bandPath, linePath } from "./line-path.ts";
import type { Projection } from "./line-path.ts";
import { markerPath } from "./marker-path.ts";
import type { ChartMark } from "./plot-view.ts";
import { rangeOf } from "./range-of.ts";
import { seriesLook } from "./series-look.ts";

export interface CurveSvgProps {
  /** What it shows, in a sentence that stands for the drawing. */
  readonly label: string;
  readonly series: readonly ChartSeries[];
  readonly width?: number;
  readonly height?: number;
  /** What y spans at least. */
  readonly domain?: readonly [number, number];
  /** What x spans at least. */
  readonly span?: readonly [number, number];
  /** Places on x that are named: where a stage begins. */
  readonly marks?: readonly ChartMark[];
  /** Whether every point is marked, with its interval: of curves that have few. */
  readonly hasPoints?: boolean;
  readonly formatX?: NumberFormat;
  readonly formatY?: NumberFormat;
}

const margin = { top: 10, right: 12, bottom: 24, left: 44 };

/** A chart that does not move: plain SVG, drawn without a browser too. Colours come from the page's tokens. */
export function CurveSvg(props: CurveSvgProps): ReactNode {
  const { label, series, width = 480, height = 190, domain, formatX = formatNumber, formatY = formatNumber } = props;
  const { span = [], marks = [], hasPoints = false } = props;
  const places = series.flatMap((one) => one.x);
  const x = rangeOf([...places, ...span]);
  const y = rangeOf(series.flatMap((one) => [...one.y, ...(one.low ?? []), ...(one.high ?? []), ...(domain ?? [])]));
  const projection: Projection = {
    atX: (value) => margin.left + ((value - x.low) / (x.high - x.low)) * (width - margin.left - margin.right),
    atY: (value) =>
      height - margin.bottom - ((value - y.low) / (y.high - y.low)) * (height - margin.top - margin.bottom),
  };
  const evenTicks = axisTicks(x.low, x.high, 6);
  const xTicks = places.every(Number.isInteger) ? evenTicks.filter(Number.isInteger) : evenTicks;
  const xLabels = tickLabels(xTicks, formatX);
  const yTicks = axisTicks(y.low, y.high, 4);
  const yLabels = tickLabels(yTicks, formatY);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      fontSize={11}
      fill="var(--muted)"
    >
      {yTicks.map((tick, i) => (
        <g key={tick}>
          <path d={`M${margin.left} ${projection.atY(tick)}H${width - margin.right}`} stroke="var(--hairline)" />
          <text x={margin.left - 6} y={projection.atY(tick)} textAnchor="end" dominantBaseline="central">
            {yLabels[i]}
          </text>
        </g>
      ))}
      {xTicks.map((tick, i) => (
        <text key={tick} x={projection.atX(tick)} y={height - 6} textAnchor="middle">
          {xLabels[i]}
        </text>
      ))}
      {marks.map((mark) => (
        <g key={mark.label}>
          <path d={`M${projection.atX(mark.x)} ${margin.top}V${height - margin.bottom}`} stroke="var(--line)" />
          <text x={projection.atX(mark.x) + 4} y={margin.top + 8}>
            {mark.label}
          </text>
        </g>
      ))}
      {series.map((one) => (
        <g key={one.id}>
          <Curve series={one} projection={projection} isBare={hasPoints} />
          {hasPoints && <CurvePoints series={one} projection={projection} />}
        </g>
      ))}
    </svg>
  );
}

interface CurveProps {
  readonly series: ChartSeries;
  readonly projection: Projection;
  /** A thin line, without band and marker. */
  readonly isBare: boolean;
}

function Curve({ series, projection, isBare }: CurveProps): ReactNode {
  const { x, y, low = null, high = null, slot } = series;
  const { colour, dash, marker } = seriesLook(slot);
  const paint = `var(${colour})`;
  const end = y.findLastIndex((value) => value !== null);
  const last = y[end] ?? null;
  return (
    <g>
      {!isBare && low !== null && high !== null && (
        <path d={bandPath(x, low, high, projection)} fill={paint} fillOpacity={0.16} />
      )}
      <path
        d={linePath(x, y, projection)}
        fill="none"
        stroke={paint}
        strokeWidth={isBare ? 1 : 2}
        strokeLinecap="round"
        strokeLinejoin="round"
        strokeDasharray={dash.join(" ")}
      />
      {!isBare && last !== null && (
        <path d={markerPath(marker, projection.atX(x[end] ?? 0), projection.atY(last), 3.5)} fill={paint} />
      )}
    </g>
  );
}
