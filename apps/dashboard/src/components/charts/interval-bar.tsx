import type { Estimate, UncountedEstimate } from "@litmus/api";
import type { ReactNode } from "react";
import { joinClasses } from "../../style/join-classes.ts";
import { formatEstimateValue, formatInterval } from "../../format/estimate.ts";
import type { EstimateUnit } from "../../format/estimate.ts";
import { formatCount, noValue } from "../../format/number.ts";
import styles from "./interval-bar.module.css";

export interface IntervalBarProps {
  readonly estimate: UncountedEstimate | null;
  readonly unit: EstimateUnit;
  /** What the bar spans; of a share 0 to 1 unless told. Without it a plain number has no bar. */
  readonly domain?: readonly [number, number];
  /** A value to compare with, as a tick: the baseline's. */
  readonly reference?: number | null;
  /** Whether the numbers stand under the bar: for tables of many scores. */
  readonly isStacked?: boolean;
  /** What else belongs to the number, after n. */
  readonly note?: string;
}

const width = 96;
const height = 12;

/** A score with its 95 % interval, drawn and written, and the number of questions it is over. */
export function IntervalBar({
  estimate,
  unit,
  domain,
  reference = null,
  isStacked = false,
  note,
}: IntervalBarProps): ReactNode {
  if (estimate === null || estimate.value === null) return <span className={styles.none}>{noValue}</span>;
  const span = domain ?? (unit === "share" ? ([0, 1] as const) : null);
  return (
    <span className={joinClasses(styles.score, isStacked && styles.stacked)}>
      {span !== null && <Bar value={estimate.value} ci95={estimate.ci95} span={span} reference={reference} />}
      <span className={styles.text}>
        <span className={styles.value}>{formatEstimateValue(estimate, unit)}</span>
        {estimate.ci95 !== null && <span className={styles.interval}> ({formatInterval(estimate.ci95, unit)})</span>}
        <span className={styles.count}>
          {` n ${estimate.n === null ? "unknown" : formatCount(estimate.n)}`}
          {note !== undefined && `, ${note}`}
        </span>
      </span>
    </span>
  );
}

interface BarProps {
  readonly value: number;
  readonly ci95: Estimate["ci95"];
  readonly span: readonly [number, number];
  readonly reference: number | null;
}

/** Says nothing that the text beside it does not say. */
function Bar({ value, ci95, span: [from, to], reference }: BarProps): ReactNode {
  const at = (x: number): number => 1 + Math.min(1, Math.max(0, (x - from) / (to - from))) * (width - 2);
  const middle = height / 2;
  return (
    <svg className={styles.bar} viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <path className={styles.track} d={`M1 ${middle}H${width - 1}`} />
      {reference !== null && <path className={styles.reference} d={`M${at(reference)} 0V${height}`} />}
      {ci95 !== null && (
        <rect
          className={styles.range}
          x={at(ci95.low)}
          y={middle - 3}
          width={Math.max(1, at(ci95.high) - at(ci95.low))}
          height={6}
          rx={1.5}
        />
      )}
      <path className={styles.mark} d={`M${at(value)} 1V${height - 1}`} />
    </svg>
  );
}
