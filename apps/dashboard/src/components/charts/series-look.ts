/** @file How the series of a chart are told apart: by colour, dash and marker together. */

/** Distinct looks; a series of slot 8 has the colour of slot 0 with another dash. */
export const colourCount = 8;

export const markers = ["circle", "square", "triangle", "diamond"] as const;
export type Marker = (typeof markers)[number];

/** Lengths of dashes and gaps in pixels. The first is a whole line. */
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

export interface SeriesLook {
  /** A colour token: `--series-1`. */
  readonly colour: string;
  readonly dash: readonly number[];
  readonly marker: Marker;
}

/**
 * The look of a slot, whatever else is drawn.
 * @param slot from 0; who draws gives a run the same slot as long as it is shown anywhere
 */
export function seriesLook(slot: number): SeriesLook {
  const turn = Math.floor(slot / colourCount);
  // Within the first eight, neighbours already differ in dash and marker.
  const variant = (slot + turn) % dashes.length;
  return {
    colour: `--series-${(slot % colourCount) + 1}`,
    dash: dashes[variant] ?? [],
    marker: markers[variant] ?? "circle",
  };
}
