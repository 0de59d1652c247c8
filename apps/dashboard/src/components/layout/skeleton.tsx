import type { ReactNode } from "react";
import styles from "./skeleton.module.css";

export interface SkeletonProps {
  /** How many lines of text it stands for. */
  readonly lines?: number;
  /** A CSS length, in place of lines: the height of what will come, so that nothing jumps. */
  readonly height?: string;
  /** What is loading, for screen readers. */
  readonly label?: string;
}

/** Keeps the place of what is being loaded. */
export function Skeleton({ lines = 3, height, label = "Loading" }: SkeletonProps): ReactNode {
  return (
    <div className={styles.skeleton} role="status">
      <span className={styles.label}>{label}</span>
      {height !== undefined ? (
        <div className={styles.block} style={{ height }} />
      ) : (
        Array.from({ length: lines }, (_, line) => <div key={line} className={styles.line} />)
      )}
    </div>
  );
}
