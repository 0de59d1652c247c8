import type { ReactNode } from "react";
import { useOnPaper } from "../../state/on-paper.tsx";
import { CopyButton } from "./copy-button.tsx";
import styles from "./hash.module.css";

export interface HashProps {
  /** Null where none is known. */
  readonly value: string | null;
  /** What it is the hash of: names the button. */
  readonly label: string;
  /** Characters shown. */
  readonly length?: number;
  /** Whether it stays short on paper too: where the whole of it stands nearby. */
  readonly isBrief?: boolean;
}

/** The beginning of a hash, with a button that copies all of it; whole on hover and while focused, and on paper. */
export function Hash({ value, label, length = 8, isBrief = false }: HashProps): ReactNode {
  const isOnPaper = useOnPaper();
  if (value === null) return <span className={styles.none}>–</span>;
  if (isOnPaper) return <code className={styles.printed}>{isBrief ? value.slice(0, length) : value}</code>;
  return (
    <span className={styles.hash} title={value}>
      <code className={styles.short}>{value.slice(0, length)}</code>
      <code className={styles.whole}>{value}</code>
      <CopyButton text={value} label={`Copy the hash of ${label}: ${value}`} />
    </span>
  );
}
