/** A range of x, both ends included. */
export interface ChartZoom {
  readonly from: number;
  readonly to: number;
}

/**
 * A range scaled around a place in it.
 * @param factor below 1 goes nearer
 * @returns null when it would hold all there is
 */
export function zoomAround(shown: ChartZoom, whole: ChartZoom, place: number, factor: number): ChartZoom | null {
  const from = Math.max(whole.from, place - (place - shown.from) * factor);
  const to = Math.min(whole.to, place + (shown.to - place) * factor);
  if (from <= whole.from && to >= whole.to) return null;
  return from < to ? { from, to } : shown;
}
