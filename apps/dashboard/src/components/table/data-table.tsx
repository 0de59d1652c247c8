import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { ReactNode } from "react";
import { joinClasses } from "../../style/join-classes.ts";
import type { Column, Sort } from "./column.ts";
import styles from "./data-table.module.css";
import { HeaderCell } from "./header-cell.tsx";
import { TableRow } from "./table-row.tsx";
import { useRowKeys } from "./use-row-keys.ts";
import { useShownRows } from "./use-shown-rows.ts";

export interface DataTableProps<Row> {
  /** What the rows are: names the table and the frame it scrolls in. */
  readonly label: string;
  /** The first one stays in sight; its cell should hold the link that Enter opens. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  /** How the rows are sorted, by whoever made them; the table sorts nothing. */
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** So many rows at the top are marked, and stay in sight below the header unless they are too many for that. */
  readonly pinned?: number;
  /** Another answer is on its way; these rows are of the one before. */
  readonly isBusy?: boolean;
  /** Whether J and K work from everywhere on the page; at most one table of a page. */
  readonly isMain?: boolean;
  /** Stands in place of no rows. */
  readonly empty?: ReactNode;
  /** How many rows there are, when those at the end are not given yet: their place is kept. */
  readonly expected?: number;
  /** Told when such a place is in sight, or near. */
  readonly onMissing?: () => void;
  /** Place of the first row among all that there are, and their number, when these are a page of them. */
  readonly offset?: number;
  readonly total?: number;
}

/**
 * A table that scrolls in its own frame under a header that stays. Of over 200 rows, or 1,500 cells, only those in sight are in the document.
 * J and K, or the arrow keys, go from row to row; Enter follows the row's first link.
 */
export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { label, columns, rows, rowId, sort, onSort, isBusy = false, isMain = false, empty } = props;
  const { offset = 0, total = rows.length, expected = rows.length, onMissing } = props;
  const pinned = Math.min(props.pinned ?? 0, rows.length);
  const frame = useRef<HTMLDivElement>(null);
  const { shown, before, after, scrollTo, measure } = useShownRows({
    count: Math.max(rows.length, expected),
    columns: columns.length,
    pinned,
    frame,
  });
  const isMissing = (shown.at(-1) ?? 0) >= rows.length && rows.length > 0;
  useEffect(() => {
    if (isMissing) onMissing?.();
  }, [isMissing, onMissing]);
  const ids = useMemo(() => rows.map(rowId), [rows, rowId]);
  const keys = useRowKeys({ frame, ids, isMain, scrollTo });
  const sortBy = useLatest(onSort);
  const widthRem = columns.reduce((sum, column) => sum + column.widthRem, 0);
  const drawn = (index: number): ReactNode => {
    const row = rows[index];
    if (row === undefined) return null;
    return (
      <TableRow
        key={rowId(row)}
        row={row}
        index={index}
        rowIndex={offset + index + 2}
        columns={columns}
        isMarked={index < pinned}
        isTabStop={index === keys.current}
        measure={measure}
      />
    );
  };
  return (
    <div className={styles["table-area"]}>
      {/* The frame takes the focus so that it can be scrolled by keyboard. */}
      <div
        ref={frame}
        className={styles.frame}
        role="group"
        aria-label={label}
        tabIndex={0}
        onFocus={keys.onFocus}
        onKeyDown={keys.onKeyDown}
      >
        <table
          className={joinClasses(styles.table, isBusy && styles.busy)}
          style={{ width: `max(100%, ${widthRem}rem)` }}
          aria-label={label}
          aria-busy={isBusy}
          aria-rowcount={total + 1}
        >
          <colgroup>
            {columns.map(({ id, widthRem: width }, position) => (
              // The first column stays in sight: on a narrow screen it must leave room for another.
              <col key={id} style={{ width: position === 0 ? `min(${width}rem, 46vw)` : `${width}rem` }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <HeaderCell
                  key={column.id}
                  column={column}
                  order={sort?.column === column.id ? sort.order : null}
                  onSort={sortBy}
                />
              ))}
            </tr>
          </thead>
          {pinned > 0 && (
            <tbody className={styles.pinned} data-sticky={pinned <= mostSticky ? pinned : undefined}>
              {shown.filter((index) => index < pinned).map(drawn)}
            </tbody>
          )}
          <tbody>
            <Spacer heightPx={before} columns={columns.length} />
            {shown.filter((index) => index >= pinned).map(drawn)}
            <Spacer heightPx={after} columns={columns.length} />
          </tbody>
        </table>
        {rows.length === 0 && <div className={styles.empty}>{empty ?? "Nothing to show."}</div>}
      </div>
    </div>
  );
}

/** The same function at every render, which does what the last one given does; undefined while none is given. */
function useLatest(onSort: ((sort: Sort) => void) | undefined): ((sort: Sort) => void) | undefined {
  const latest = useRef(onSort);
  useLayoutEffect(() => {
    latest.current = onSort;
  });
  const call = useCallback((sort: Sort) => latest.current?.(sort), []);
  return onSort === undefined ? undefined : call;
}

/** More pinned rows would leave too little place for the others. */
const mostSticky = 3;

/** The place of the rows that are not in the document. */
function Spacer({ heightPx, columns }: { readonly heightPx: number; readonly columns: number }): ReactNode {
  if (heightPx <= 0) return null;
  return (
    <tr aria-hidden="true" className={styles.spacer}>
      <td colSpan={columns} style={{ height: heightPx }} />
    </tr>
  );
}
