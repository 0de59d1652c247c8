import { useWindowVirtualizer } from "@tanstack/react-virtual";
import type { VirtualItem } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { CSSProperties, RefObject } from "react";

export interface PageListOptions {
  readonly count: number;
  /** Height of an item until it is measured, in pixels, on lines of the list's width. */
  readonly estimatePx: (index: number, widthPx: number) => number;
  readonly keyOf: (index: number) => string;
  readonly gapPx?: number;
  readonly overscan?: number;
  /** Height that is covered at the top of the window, in pixels. */
  readonly coveredPx?: number;
}

export interface PageList {
  /** The element that holds the items; as high as all of them. */
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly frameStyle: CSSProperties;
  /** Those in the document. */
  readonly items: readonly VirtualItem[];
  /** Where an item stands in the frame. */
  readonly styleOf: (item: VirtualItem) => CSSProperties;
  /** Of an item's element, which carries `data-index`. */
  readonly measure: (element: HTMLElement | null) => void;
  readonly scrollTo: (index: number, align?: "start" | "auto") => void;
}

const shellBarPx = 64;

/** A list of any length that scrolls with the page; only what is near the window is in the document. Heights are measured. */
export function usePageList(options: PageListOptions): PageList {
  const { count, estimatePx, keyOf, gapPx = 0, overscan = 4, coveredPx = shellBarPx } = options;
  const frame = useRef<HTMLDivElement>(null);
  const scrollMargin = useTopOf(frame);
  const list = useWindowVirtualizer({
    count,
    estimateSize: (index) => estimatePx(index, frame.current?.clientWidth ?? window.innerWidth),
    getItemKey: keyOf,
    gap: gapPx,
    overscan,
    scrollMargin,
    scrollPaddingStart: coveredPx,
  });
  const scrollTo = useCallback(
    (index: number, align: "start" | "auto" = "start") => list.scrollToIndex(index, { align }),
    [list],
  );
  return {
    frame,
    frameStyle: { position: "relative", height: list.getTotalSize() },
    items: list.getVirtualItems(),
    styleOf: ({ start }) => ({
      position: "absolute",
      insetInline: 0,
      top: 0,
      transform: `translateY(${start - scrollMargin}px)`,
    }),
    measure: list.measureElement,
    scrollTo,
  };
}

/** How far below the page's top an element begins, in pixels, also after something above it has grown. */
function useTopOf(element: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  const read = useCallback(() => {
    if (element.current !== null) setTop(Math.round(element.current.getBoundingClientRect().top + window.scrollY));
  }, [element]);
  useLayoutEffect(read);
  useEffect(() => {
    const observer = new ResizeObserver(read);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [read]);
  return top;
}
