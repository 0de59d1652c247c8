/** One line of a chart. Its values are drawn as they are, whatever else is shown. */
export interface ChartSeries {
  /** Unique in its chart. */
  readonly id: string;
  readonly label: string;
  /** Chooses colour, dash and marker: see `seriesLook`. */
  readonly slot: number;
  /** Ascending; several points may stand at one place. */
  readonly x: readonly number[];
  /** As long as x; null is a gap. */
  readonly y: readonly (number | null)[];
  /** Of each point, where they are of several: smoothing begins anew with each. */
  readonly stage?: readonly string[];
  /** Of each point its step within its stage. */
  readonly step?: readonly number[];
  /** Distance on x that smoothing counts as one step; 1 unless told. */
  readonly unit?: number;
  /** A band around the line, both or none, as long as x. */
  readonly low?: readonly (number | null)[] | null;
  readonly high?: readonly (number | null)[] | null;
  /** Runs that each point is the mean of, as long as x. */
  readonly n?: readonly number[] | null;
}
