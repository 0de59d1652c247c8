import type { WireDatum } from "./model-pass.ts";

/** Some tokens of a sequence, by their places t ≥ 1. */
export interface TokenPositions {
  readonly tokens: readonly number[];
  /** S places, ascending. */
  readonly positions: readonly number[];
}

/**
 * The API wants inputs and targets, shifted by the client: the log-probability of tokens[t] stands at place t − 1.
 * What follows the last position is left out, since nothing depends on it; every other token has weight 0.
 * @param columns S values each, or null where the loss reads none
 */
export function toWireDatum(
  { tokens, positions }: TokenPositions,
  columns: { readonly logProbs: readonly number[]; readonly advantages: readonly number[] } | null = null,
): WireDatum {
  const length = positions.at(-1) ?? 0;
  const spread = (values: readonly number[]): number[] => {
    const spreadOut = Array.from({ length }, () => 0);
    positions.forEach((position, i) => (spreadOut[position - 1] = values[i] as number));
    return spreadOut;
  };
  return {
    inputs: tokens.slice(0, length),
    targets: tokens.slice(1, length + 1),
    weights: spread(positions.map(() => 1)),
    logProbs: columns === null ? null : spread(columns.logProbs),
    advantages: columns === null ? null : spread(columns.advantages),
  };
}

/** The values of a result at the positions of its datum. */
export function atPositions({ positions }: TokenPositions, values: readonly number[]): number[] {
  return positions.map((position) => values[position - 1] as number);
}
