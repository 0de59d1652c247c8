/** One line of a chart. Its values are drawn as they are, whatever else is shown. */
export interface ChartSeries {
  /** Unique in its chart. */
  readonly id: string;
  readonly label: string;
  /** Chooses colour, dash and marker: see `seriesLook`. */
  readonly slot: number;
  /** Ascending. */
  readonly x: readonly number[];
  /** As long as x; null is a gap. */
  readonly y: readonly (number | null)[];
  /** Of each point, where they are of several: smoothing begins anew with each. */
  readonly stage?: readonly string[];
  /** A band around the line, both or none, as long as x. */
  readonly low?: readonly (number | null)[] | null;
  readonly high?: readonly (number | null)[] | null;
}
