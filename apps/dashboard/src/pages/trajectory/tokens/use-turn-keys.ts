import { useMemo } from "react";
import { useShortcuts } from "../../../state/use-shortcuts.ts";

export interface TurnKeysOptions {
  readonly turns: number;
  /** The one that is marked, counted from 1. */
  readonly turn: number | null;
  readonly onTurn: (turn: number) => void;
}

/** J and K mark the next and the previous turn. */
export function useTurnKeys({ turns, turn, onTurn }: TurnKeysOptions): void {
  const shortcuts = useMemo(() => {
    const move = (by: number) => (): void => onTurn(Math.min(Math.max((turn ?? 0) + by, 1), Math.max(1, turns)));
    return { j: move(1), k: move(-1) };
  }, [turns, turn, onTurn]);
  useShortcuts(shortcuts);
}
