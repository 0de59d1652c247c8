import type { ReactNode } from "react";
import { linePath } from "./line-path.ts";
import { seriesLook } from "./series-look.ts";

export interface SparklineProps {
  /** Ascending. */
  readonly x: readonly number[];
  /** Null is a gap. */
  readonly y: readonly (number | null)[];
  /** What it shows, with its last value: it is read aloud in place of the drawing. */
  readonly label: string;
  readonly slot?: number;
  readonly width?: number;
  readonly height?: number;
}

/** The course of a number in a word's space, without axes. */
export function Sparkline({ x, y, label, slot = 0, width = 96, height = 22 }: SparklineProps): ReactNode {
  const values = y.filter((value) => value !== null);
  const from = x[0] ?? 0;
  const to = x.at(-1) ?? 1;
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const path = linePath(x, y, {
    atX: (value) => 2 + ((value - from) / (to - from || 1)) * (width - 4),
    atY: (value) => (high === low ? height / 2 : height - 2 - ((value - low) / (high - low)) * (height - 4)),
  });
  return (
    <svg role="img" aria-label={label} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <path d={path} fill="none" stroke={`var(${seriesLook(slot).colour})`} strokeWidth={1.5} strokeLinejoin="round" />
    </svg>
  );
}
