import type { ReactNode } from "react";
import styles from "./stat.module.css";

export interface StatProps {
  readonly label: ReactNode;
  readonly value: ReactNode;
  /** What it is over, or how it moved. */
  readonly detail?: ReactNode;
}

/** One figure with its name; stands in a {@link StatList}. */
export function Stat({ label, value, detail }: StatProps): ReactNode {
  return (
    <div className={styles.stat}>
      <dt className={styles.label}>{label}</dt>
      <dd className={styles.value}>{value}</dd>
      {detail !== undefined && <dd className={styles.detail}>{detail}</dd>}
    </div>
  );
}

/** Figures side by side, as many in a row as fit. */
export function StatList({ children }: { readonly children: ReactNode }): ReactNode {
  return <dl className={styles.list}>{children}</dl>;
}
