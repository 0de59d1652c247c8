export interface SetDifference {
  /** In the first alone. */
  readonly removed: readonly string[];
  /** In the second alone. */
  readonly added: readonly string[];
  readonly both: readonly string[];
}

/** How the second differs from the first as a set, each in the order of its own list. */
export function setDifference(first: readonly string[], second: readonly string[]): SetDifference {
  const before = new Set(first);
  const after = new Set(second);
  return {
    removed: [...before].filter((one) => !after.has(one)),
    added: [...after].filter((one) => !before.has(one)),
    both: [...before].filter((one) => after.has(one)),
  };
}
