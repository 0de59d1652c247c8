import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, RefObject } from "react";
import { useShortcuts } from "../../state/use-shortcuts.ts";

export interface RowKeysOptions {
  readonly frame: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly isMain: boolean;
  readonly scrollTo: (index: number) => void;
}

export interface RowKeys {
  /** The row that Tab reaches. */
  readonly current: number;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

const none = {};

/** From row to row by keyboard. A row that is not in the document is brought there first. */
export function useRowKeys({ frame, count, isMain, scrollTo }: RowKeysOptions): RowKeys {
  const [chosen, setChosen] = useState<number | null>(null);
  const wanted = useRef<number | null>(null);
  const current = Math.min(chosen ?? 0, Math.max(0, count - 1));
  const rowAt = useCallback(
    (index: number) => frame.current?.querySelector<HTMLElement>(`tr[data-index="${index}"]`) ?? null,
    [frame],
  );
  const move = useCallback(
    (by: number) => {
      if (count === 0) return;
      const next = chosen === null ? 0 : Math.min(Math.max(chosen + by, 0), count - 1);
      wanted.current = next;
      setChosen(next);
      scrollTo(next);
      rowAt(next)?.focus();
    },
    [chosen, count, rowAt, scrollTo],
  );
  useEffect(() => {
    const row = wanted.current === null ? null : rowAt(wanted.current);
    if (row === null) return;
    wanted.current = null;
    row.focus();
  });
  useShortcuts(useMemo(() => (isMain ? { j: () => move(1), k: () => move(-1) } : none), [isMain, move]));
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const row = event.target instanceof HTMLElement && event.target.matches("tr[data-index]") ? event.target : null;
    if (row === null) return;
    if (event.key === "Enter") return row.querySelector<HTMLElement>("a[href]")?.click();
    const by = { ArrowDown: 1, ArrowUp: -1, j: isMain ? 0 : 1, k: isMain ? 0 : -1 }[event.key] ?? 0;
    if (by === 0) return;
    event.preventDefault();
    move(by);
  };
  return { current, onKeyDown };
}
