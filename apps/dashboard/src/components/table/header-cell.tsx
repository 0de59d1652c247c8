import { memo } from "react";
import type { ReactNode } from "react";
import { useOnPaper } from "../../state/on-paper.tsx";
import { Hint } from "../overlays/hint.tsx";
import { Icon } from "../text/icon.tsx";
import type { Column, Sort, SortOrder } from "./column.ts";
import styles from "./data-table.module.css";

export interface HeaderCellProps<Row> {
  readonly column: Column<Row>;
  /** How the rows are sorted by this column; null when by another, or by none. */
  readonly order: SortOrder | null;
  readonly onSort: ((sort: Sort) => void) | undefined;
}

function DrawnHeaderCell<Row>({ column, order, onSort }: HeaderCellProps<Row>): ReactNode {
  const { id, label, hint, align = "start", isSortable = false, firstOrder = "ascending" } = column;
  const isOnPaper = useOnPaper();
  const next: SortOrder = order === null ? firstOrder : order === "ascending" ? "descending" : "ascending";
  return (
    <th scope="col" title={label} data-align={align} aria-sort={isSortable ? (order ?? "none") : undefined}>
      <span className={styles.heading}>
        {isSortable && onSort !== undefined ? (
          <button type="button" className={styles.sort} onClick={() => onSort({ column: id, order: next })}>
            <span className={styles.word}>{label}</span>
            <span className={styles.arrow} data-shown={order !== null}>
              <Icon name={(order ?? next) === "ascending" ? "ascending" : "descending"} size={12} />
            </span>
          </button>
        ) : (
          <span className={styles.word}>{label}</span>
        )}
        {hint !== undefined && !isOnPaper && (
          <Hint text={hint}>
            <span className={styles.info}>
              <Icon name="info" size={13} />
              <span className={styles.hidden}>What {label} means</span>
            </span>
          </Hint>
        )}
      </span>
    </th>
  );
}

/** A column's name; a button where the rows can be sorted by it. As long as its props are the same it is not drawn anew. */
export const HeaderCell = memo(DrawnHeaderCell) as typeof DrawnHeaderCell;
