import type { ReactNode } from "react";

/** How a table draws one column of its rows. */
export interface Column<Row> {
  /** Unique; what the server sorts by. */
  readonly id: string;
  /** Plain words: the header, the name of its sort button and its place in the column chooser. */
  readonly label: string;
  /** What the header means. */
  readonly hint?: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** In rem; the table is never narrower than the sum, and shares what is left over. */
  readonly widthRem: number;
  /** `end` for numbers. */
  readonly align?: "start" | "end";
  readonly isSortable?: boolean;
  /** Order of the first press on its header; `ascending` unless told. */
  readonly firstOrder?: SortOrder;
  /** Whether long content is broken into lines; otherwise it is cut, and whole on hover when it is text. */
  readonly isWrapping?: boolean;
  /** Whether it cannot be hidden. */
  readonly isFixed?: boolean;
}

export type SortOrder = "ascending" | "descending";

export interface Sort {
  readonly column: string;
  readonly order: SortOrder;
}
