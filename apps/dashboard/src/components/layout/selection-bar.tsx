import type { ReactNode } from "react";
import { formatCount } from "../../format/number.ts";
import { Button } from "../controls/button.tsx";
import styles from "./selection-bar.module.css";

export interface SelectionBarProps {
  /** How many are chosen; none hides the bar. */
  readonly count: number;
  /** What is chosen: one, many. */
  readonly noun: readonly [one: string, many: string];
  readonly hint?: string | undefined;
  readonly onClear: () => void;
  /** What can be done with the choice. */
  readonly children: ReactNode;
}

/** Stays at the foot of the window while something is chosen. */
export function SelectionBar({ count, noun: [one, many], hint, onClear, children }: SelectionBarProps): ReactNode {
  if (count === 0) return null;
  return (
    <div className={styles.bar} role="region" aria-label={`Chosen ${many}`}>
      <span aria-live="polite">
        {formatCount(count)} {count === 1 ? one : many} chosen
      </span>
      {hint !== undefined && <span className={styles.hint}>{hint}</span>}
      <span className={styles.actions}>
        <Button tone="quiet" onClick={onClear}>
          Clear
        </Button>
        {children}
      </span>
    </div>
  );
}
