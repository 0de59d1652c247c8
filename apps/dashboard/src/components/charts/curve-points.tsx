import type { ReactNode } from "react";
import type { ChartSeries } from "./chart-series.ts";
import type { Projection } from "./line-path.ts";
import { markerPath } from "./marker-path.ts";
import { seriesLook } from "./series-look.ts";

export interface CurvePointsProps {
  readonly series: ChartSeries;
  readonly projection: Projection;
}

/** The points of a curve, each with its interval as a bar. */
export function CurvePoints({ series, projection: { atX, atY } }: CurvePointsProps): ReactNode {
  const { x, y, low = null, high = null, slot } = series;
  const { colour, marker } = seriesLook(slot);
  const paint = `var(${colour})`;
  return x.map((at, i) => {
    const [value, bottom, top] = [y[i] ?? null, low?.[i] ?? null, high?.[i] ?? null];
    if (value === null) return null;
    const place = atX(at);
    return (
      <g key={`${at} ${i}`}>
        {bottom !== null && top !== null && (
          <path
            d={`M${place} ${atY(bottom)}V${atY(top)}M${place - 4} ${atY(bottom)}h8M${place - 4} ${atY(top)}h8`}
            stroke={paint}
            strokeWidth={1.5}
          />
        )}
        <path d={markerPath(marker, place, atY(value), 3.5)} fill={paint} />
      </g>
    );
  });
}
