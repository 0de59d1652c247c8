import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import type { Range } from "@tanstack/react-virtual";
import { useCallback } from "react";
import type { RefObject } from "react";
import { useOnPaper } from "../../state/on-paper.tsx";

/**
 * Up to so many rows and cells are all in the document: the browser finds words in them, and nothing can go wrong. Of 3,000 cells two
 * cores without a GPU need 100 ms more to show another order than of those in sight.
 */
const mostRows = 200;
const mostCells = 1500;
const rowPx = 39;
const extraRows = 6;

export interface ShownRowsOptions {
  readonly count: number;
  /** How many cells a row has. */
  readonly columns: number;
  /** How many rows at the top are in the document in any case. */
  readonly pinned: number;
  readonly frame: RefObject<HTMLElement | null>;
}

export interface ShownRows {
  /** Indexes of the rows that are in the document. */
  readonly shown: readonly number[];
  /** Height of those between the pinned and the others, and of those below, in pixels. */
  readonly before: number;
  readonly after: number;
  readonly scrollTo: (index: number) => void;
  readonly measure: (element: HTMLElement | null) => void;
}

/** Which rows stand in the document as their frame scrolls; on paper all of them. */
export function useShownRows({ count, columns, pinned, frame }: ShownRowsOptions): ShownRows {
  const isOnPaper = useOnPaper();
  const isVirtual = !isOnPaper && (count > mostRows || count * columns > mostCells);
  const rangeExtractor = useCallback((range: Range) => withFirst(pinned, defaultRangeExtractor(range)), [pinned]);
  const virtual = useVirtualizer({
    count,
    enabled: isVirtual,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    overscan: extraRows,
    rangeExtractor,
  });
  const scrollTo = useCallback(
    (index: number) => {
      if (isVirtual) virtual.scrollToIndex(index);
    },
    [virtual, isVirtual],
  );
  if (!isVirtual)
    return {
      shown: Array.from({ length: count }, (_, index) => index),
      before: 0,
      after: 0,
      scrollTo,
      measure: unmeasured,
    };
  const items = virtual.getVirtualItems();
  return {
    shown: items.map(({ index }) => index),
    before: (items[pinned]?.start ?? 0) - (items[pinned - 1]?.end ?? 0),
    after: virtual.getTotalSize() - (items.at(-1)?.end ?? 0),
    scrollTo,
    measure: virtual.measureElement,
  };
}

/** Indexes with the first so many among them. */
const withFirst = (count: number, indexes: readonly number[]): number[] => [
  ...Array.from({ length: count }, (_, index) => index),
  ...indexes.filter((index) => index >= count),
];

const unmeasured = (): void => undefined;
