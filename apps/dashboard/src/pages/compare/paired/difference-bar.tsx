import type { Comparison } from "@litmus/api";
import type { ReactNode } from "react";
import { formatNumber, formatSigned } from "../../../format/number.ts";
import styles from "./paired.module.css";

const width = 160;
const height = 14;

/** The difference with its interval, against no difference: an interval that holds the middle line decides nothing. */
export function DifferenceBar({
  paired: { difference, ci95, n },
}: {
  readonly paired: Pick<NonNullable<Comparison["paired"]>, "difference" | "ci95" | "n">;
}): ReactNode {
  if (difference === null) return null;
  const most = Math.max(0.05, Math.abs(difference), Math.abs(ci95?.low ?? 0), Math.abs(ci95?.high ?? 0));
  const at = (value: number): number => 2 + ((value + most) / (2 * most)) * (width - 4);
  return (
    <span className={styles.difference}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        <path d={`M0 ${height / 2}H${width}`} stroke="var(--hairline)" />
        <path d={`M${at(0)} 0V${height}`} stroke="var(--line)" strokeDasharray="2 2" />
        {ci95 !== null && (
          <rect
            x={at(ci95.low)}
            y={height / 2 - 3}
            width={Math.max(1, at(ci95.high) - at(ci95.low))}
            height={6}
            rx={1.5}
            fill="var(--accent)"
            fillOpacity={0.35}
          />
        )}
        <path d={`M${at(difference)} 1V${height - 1}`} stroke="var(--accent)" strokeWidth={2.5} />
      </svg>
      <strong>{written(difference)}</strong>
      {ci95 !== null && (
        <span>
          ({written(ci95.low)} to {written(ci95.high)})
        </span>
      )}
      <span className={styles.count}>n {n}</span>
    </span>
  );
}

/** As the sentence above it. */
const written = (share: number): string => formatSigned(share, (value) => formatNumber(value, 3));
