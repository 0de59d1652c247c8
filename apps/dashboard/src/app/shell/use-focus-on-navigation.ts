import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { RefObject } from "react";

/** Brings the focus to the content when another page is shown, so that it is read from its beginning; a changed search leaves it. */
export function useFocusOnNavigation(content: RefObject<HTMLElement | null>): void {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    content.current?.focus({ preventScroll: true });
  }, [path, content]);
}
