import { LitmusError } from "@litmus/core";

/**
 * The q-quantile by linear interpolation between order statistics (type 7, the default of R and NumPy).
 * @throws LitmusError `invalid-input` when there is no value or q is outside [0, 1]
 */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0 || !(q >= 0 && q <= 1))
    throw new LitmusError("invalid-input", "a quantile needs a value and q in [0, 1]");
  const sorted = [...values].sort((a, b) => a - b);
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** The middle value. @throws LitmusError `invalid-input` when there is none */
export const median = (values: readonly number[]): number => quantile(values, 0.5);
