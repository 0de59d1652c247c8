/** What stands in one row of a comparison; null where one side has ended. */
export interface TurnPair<Turn> {
  readonly index: number;
  readonly first: Turn | null;
  readonly second: Turn | null;
}

/** Pairs the turns of two episodes by their place; the longer one goes on alone. */
export function alignTurns<Turn>(first: readonly Turn[], second: readonly Turn[]): TurnPair<Turn>[] {
  return Array.from({ length: Math.max(first.length, second.length) }, (_, index) => ({
    index,
    first: first[index] ?? null,
    second: second[index] ?? null,
  }));
}
