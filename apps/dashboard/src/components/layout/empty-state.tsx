import type { ReactNode } from "react";
import styles from "./state.module.css";

export interface EmptyStateProps {
  readonly title: string;
  /** What makes it non-empty. */
  readonly children?: ReactNode;
}

/** What stands where there is nothing yet, with the way to something. */
export function EmptyState({ title, children }: EmptyStateProps): ReactNode {
  return (
    <div className={styles.state}>
      <p className={styles.title}>{title}</p>
      {children !== undefined && <div className={styles.text}>{children}</div>}
    </div>
  );
}
