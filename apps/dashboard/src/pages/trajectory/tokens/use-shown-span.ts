import { useEffect, useRef } from "react";
import type { RefObject } from "react";
import { elementOf } from "./token-element.ts";
import { rowOfToken } from "./token-rows.ts";
import type { TokenRow } from "./token-rows.ts";
import type { TokenSpan } from "./token-span.ts";

export interface ShownSpanOptions {
  readonly rows: readonly TokenRow[];
  readonly span: TokenSpan | null;
  /** Counted from 1. */
  readonly turn: number | null;
  readonly frame: RefObject<HTMLElement | null>;
  readonly scrollTo: (row: number) => void;
}

/** Brings what the address names into sight: a span when the page opens, a turn whenever it is another. */
export function useShownSpan({ rows, span, turn, frame, scrollTo }: ShownSpanOptions): void {
  const opening = useRef(span);
  const shownTurn = useRef(opening.current === null ? null : turn);
  useEffect(() => {
    if (opening.current !== null) scrollTo(rowOfToken(rows, opening.current.first));
  }, [rows, scrollTo]);
  useEffect(() => {
    // Its row is near, but its place in the row is known only when its tokens are there.
    const element = opening.current === null ? null : elementOf(frame.current, opening.current.first);
    if (element === null) return;
    opening.current = null;
    element.scrollIntoView({ block: "center" });
  });
  useEffect(() => {
    if (turn === null || turn === shownTurn.current) return;
    shownTurn.current = turn;
    const row = rows.findIndex(({ type, section }) => type === "head" && section.turn + 1 === turn);
    if (row >= 0) scrollTo(row);
  }, [rows, turn, scrollTo]);
}
