import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { FocusEvent, KeyboardEvent, RefObject } from "react";
import { useShortcuts } from "../../state/use-shortcuts.ts";

export interface RowKeysOptions {
  readonly frame: RefObject<HTMLElement | null>;
  /** Of all rows, in their order. */
  readonly ids: readonly string[];
  readonly isMain: boolean;
  readonly scrollTo: (index: number) => void;
}

export interface RowKeys {
  /** Index of the row that Tab reaches. */
  readonly current: number;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

const none = {};

/**
 * From row to row by keyboard, beginning at the one that was focused last, wherever it stands by now. A row that is not in the
 * document is brought there first.
 */
export function useRowKeys({ frame, ids, isMain, scrollTo }: RowKeysOptions): RowKeys {
  const [chosen, setChosen] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const place = chosen === null ? -1 : ids.indexOf(chosen);
  const rowOf = useCallback(
    (id: string) => frame.current?.querySelector<HTMLElement>(`tr[data-index="${ids.indexOf(id)}"]`) ?? null,
    [frame, ids],
  );
  const move = useCallback(
    (by: number) => {
      const next = place === -1 ? 0 : Math.min(Math.max(place + by, 0), ids.length - 1);
      const id = ids[next];
      if (id === undefined) return;
      wanted.current = id;
      setChosen(id);
      scrollTo(next);
      rowOf(id)?.focus();
    },
    [place, ids, rowOf, scrollTo],
  );
  useEffect(() => {
    const row = wanted.current === null ? null : rowOf(wanted.current);
    if (row === null) return;
    wanted.current = null;
    row.focus();
  });
  useShortcuts(useMemo(() => (isMain ? { j: () => move(1), k: () => move(-1) } : none), [isMain, move]));
  const onFocus = ({ target }: FocusEvent<HTMLElement>): void => {
    const row = target.closest<HTMLElement>("tr[data-index]");
    const id = row === null ? undefined : ids[Number(row.dataset["index"])];
    if (id !== undefined) setChosen(id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const row = event.target instanceof HTMLElement && event.target.matches("tr[data-index]") ? event.target : null;
    if (row === null) return;
    if (event.key === "Enter") return row.querySelector<HTMLElement>("a[href]")?.click();
    const by = { ArrowDown: 1, ArrowUp: -1, j: isMain ? 0 : 1, k: isMain ? 0 : -1 }[event.key] ?? 0;
    if (by === 0) return;
    event.preventDefault();
    move(by);
  };
  return { current: Math.max(place, 0), onFocus, onKeyDown };
}
