export interface Range {
  readonly low: number;
  readonly high: number;
}

/** What values span: never empty and never of no length, so that everything has a place. */
export function rangeOf(values: readonly (number | null)[]): Range {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { low: 0, high: 1 };
  const low = known.reduce((least, value) => Math.min(least, value), Infinity);
  const high = known.reduce((most, value) => Math.max(most, value), -Infinity);
  return low === high ? { low: low - 0.5, high: high + 0.5 } : { low, high };
}
