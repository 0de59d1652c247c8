import type { ReactNode } from "react";
import { formatCount } from "../../format/number.ts";
import { IconButton } from "../controls/icon-button.tsx";
import { Select } from "../controls/select.tsx";
import styles from "./pagination.module.css";

export interface PaginationProps {
  readonly offset: number;
  readonly limit: number;
  readonly total: number;
  /** What is counted: `runs`. */
  readonly noun: string;
  readonly onOffset: (offset: number) => void;
  /** With it the number of rows can be chosen. */
  readonly onLimit?: (limit: number) => void;
}

const limits = [25, 50, 100, 500, 2000];

/** Which of all rows are shown, and the way to the others. */
export function Pagination({ offset, limit, total, noun, onOffset, onLimit }: PaginationProps): ReactNode {
  const last = Math.min(offset + limit, total);
  const range =
    total === 0 ? `0 ${noun}` : `${formatCount(offset + 1)}–${formatCount(last)} of ${formatCount(total)} ${noun}`;
  return (
    <nav className={styles.pagination} aria-label={`Pages of ${noun}`}>
      {onLimit !== undefined && (
        <Select
          label="Rows"
          value={String(limit)}
          options={[...new Set([...limits, limit])]
            .sort((a, b) => a - b)
            .map((rows) => ({ value: String(rows), label: String(rows) }))}
          onChange={(rows) => onLimit(Number(rows))}
        />
      )}
      <span aria-live="polite">{range}</span>
      <span className={styles.buttons}>
        <IconButton
          icon="chevron-left"
          label="Previous page"
          disabled={offset === 0}
          onClick={() => onOffset(Math.max(0, offset - limit))}
        />
        <IconButton
          icon="chevron-right"
          label="Next page"
          disabled={last >= total}
          onClick={() => onOffset(offset + limit)}
        />
      </span>
    </nav>
  );
}
