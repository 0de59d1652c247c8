import type { UncountedEstimate } from "@litmus/api";

/** From 0 to the next tenth above all shares and their intervals, so that bars one above the other can be compared. */
export function shareDomain(estimates: readonly (UncountedEstimate | null)[]): readonly [number, number] {
  return [0, Math.min(1, Math.max(0.1, Math.ceil(highest(estimates) * 10 - 1e-9) / 10))];
}

/** From 0 to the highest of all numbers and their intervals. */
export function numberDomain(estimates: readonly (UncountedEstimate | null)[]): readonly [number, number] {
  const high = highest(estimates);
  return [0, high > 0 ? high : 1];
}

const highest = (estimates: readonly (UncountedEstimate | null)[]): number =>
  Math.max(0, ...estimates.flatMap((estimate) => estimate?.ci95?.high ?? estimate?.value ?? []));
