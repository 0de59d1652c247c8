import { useCallback, useEffect, useRef, useState } from "react";
import type { FocusEvent, KeyboardEvent, MouseEvent, RefObject } from "react";
import { elementOf, tokenOf, tokenOnNextLine } from "./token-element.ts";
import { rowTokens } from "./token-rows.ts";
import type { TokenSpan } from "./token-span.ts";

export interface TokenCursorOptions {
  readonly total: number;
  /** Where it stands first. */
  readonly first: number;
  readonly frame: RefObject<HTMLElement | null>;
  /** Brings a token into the document. */
  readonly showToken: (token: number) => void;
  /** Marks a span, or none. */
  readonly mark: (span: TokenSpan | null) => void;
}

export interface TokenCursor {
  /** The token that Tab reaches. */
  readonly current: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onClick: (event: MouseEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
}

/** From token to token by keyboard, and spans of them by keyboard or mouse. A token that is not in the document is brought there first. */
export function useTokenCursor({ total, first, frame, showToken, mark }: TokenCursorOptions): TokenCursor {
  const [current, setCurrent] = useState(first);
  /** Where the last move without Shift went, by key or click; a span is marked from there. */
  const anchor = useRef<number | null>(null);
  const wanted = useRef<number | null>(null);
  const focus = useCallback(
    (next: number) => {
      setCurrent(next);
      const element = elementOf(frame.current, next);
      if (element !== null) return element.focus();
      wanted.current = next;
      showToken(next);
    },
    [frame, showToken],
  );
  useEffect(() => {
    const element = wanted.current === null ? null : elementOf(frame.current, wanted.current);
    if (element === null) return;
    wanted.current = null;
    element.focus();
  });
  const extendTo = (token: number): void => {
    anchor.current ??= current;
    mark({ first: Math.min(anchor.current, token), last: Math.max(anchor.current, token) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || tokenOf(event.target) === null) return;
    if (event.key === "Escape") {
      anchor.current = current;
      return mark(null);
    }
    const wantedToken = nextToken(event.key, current, total, frame.current);
    if (wantedToken === null) return;
    event.preventDefault();
    const next = Math.min(Math.max(wantedToken, 0), total - 1);
    if (event.shiftKey) extendTo(next);
    else anchor.current = next;
    focus(next);
  };
  const onClick = (event: MouseEvent): void => {
    const token = tokenOf(event.target);
    if (token === null) return;
    if (event.shiftKey) extendTo(token);
    else anchor.current = token;
  };
  const onFocus = (event: FocusEvent): void => {
    const token = tokenOf(event.target);
    if (token !== null) setCurrent(token);
  };
  return { current: Math.min(current, Math.max(0, total - 1)), onKeyDown, onClick, onFocus };
}

function nextToken(key: string, current: number, total: number, frame: HTMLElement | null): number | null {
  switch (key) {
    case "ArrowRight":
      return current + 1;
    case "ArrowLeft":
      return current - 1;
    case "ArrowDown":
      return tokenOnNextLine(frame, current, 1) ?? current + 1;
    case "ArrowUp":
      return tokenOnNextLine(frame, current, -1) ?? current - 1;
    case "PageDown":
      return current + rowTokens;
    case "PageUp":
      return current - rowTokens;
    case "Home":
      return 0;
    case "End":
      return total - 1;
    default:
      return null;
  }
}
