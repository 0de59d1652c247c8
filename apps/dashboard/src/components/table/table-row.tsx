import { memo } from "react";
import type { ReactNode } from "react";
import type { Column } from "./column.ts";
import styles from "./data-table.module.css";

export interface TableRowProps<Row> {
  readonly row: Row;
  /** Place among the rows that the table was given, from 0. */
  readonly index: number;
  /** Place in the whole table, the header being 1. */
  readonly rowIndex: number;
  readonly columns: readonly Column<Row>[];
  readonly isMarked: boolean;
  readonly isTabStop: boolean;
  readonly measure: (element: HTMLElement | null) => void;
}

function DrawnRow<Row>(props: TableRowProps<Row>): ReactNode {
  const { row, index, rowIndex, columns, isMarked, isTabStop, measure } = props;
  return (
    <tr
      ref={measure}
      data-index={index}
      data-marked={isMarked || undefined}
      aria-rowindex={rowIndex}
      tabIndex={isTabStop ? 0 : -1}
    >
      {columns.map(({ id, cell, align = "start", isWrapping = false }, position) => {
        const Cell = position === 0 ? "th" : "td";
        const content = cell(row);
        return (
          <Cell
            key={id}
            scope={position === 0 ? "row" : undefined}
            className={isWrapping ? styles.wrapping : undefined}
            data-align={align}
            title={typeof content === "string" && !isWrapping ? content : undefined}
          >
            {content}
          </Cell>
        );
      })}
    </tr>
  );
}

/** One row; its first cell names it. It is drawn anew only when one of its props is another: thousands of cells are in sight. */
export const TableRow = memo(DrawnRow) as typeof DrawnRow;
