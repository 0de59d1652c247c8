/** A list with a value at its end, or without it. */
export function withOrWithout(values: readonly string[], value: string, isIn: boolean): string[] {
  const others = values.filter((one) => one !== value);
  return isIn ? [...others, value] : others;
}
