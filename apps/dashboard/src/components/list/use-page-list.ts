import { useWindowVirtualizer } from "@tanstack/react-virtual";
import type { VirtualItem } from "@tanstack/react-virtual";
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import type { CSSProperties, RefObject } from "react";

export interface PageListOptions {
  readonly count: number;
  /** Height of an item until it is measured, in pixels, on lines of the list's width. */
  readonly estimatePx: (index: number, widthPx: number) => number;
  /** The same function as long as the items are the same: another one has all places reckoned again. */
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
  const { top: scrollMargin, width } = usePlaceOf(frame);
  const list = useWindowVirtualizer({
    count,
    estimateSize: (index) => estimatePx(index, width),
    // Another function has all places reckoned anew: those of items that were never measured depend on the width.
    // oxlint-disable-next-line react/exhaustive-deps
    getItemKey: useCallback((index: number) => keyOf(index), [keyOf, width]),
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

/** How far below the page's top an element begins and how wide it is, in pixels, also after something above it has grown. */
function usePlaceOf(element: RefObject<HTMLElement | null>): { readonly top: number; readonly width: number } {
  const [place, setPlace] = useState(() => ({ top: 0, width: window.innerWidth }));
  useLayoutEffect(() => {
    const read = (): void => {
      if (element.current === null) return;
      const { top, width } = element.current.getBoundingClientRect();
      const next = { top: Math.round(top + window.scrollY), width: Math.round(width) };
      setPlace((known) => (known.top === next.top && known.width === next.width ? known : next));
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return place;
}
