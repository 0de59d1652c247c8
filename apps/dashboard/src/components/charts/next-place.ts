/** Where one is among the places of a chart, and how far to go. */
export interface PlaceStep {
  readonly from: number;
  /** Places to go, back below 0. */
  readonly stride: number;
  /** The first and the last place that is shown. */
  readonly first: number;
  readonly last: number;
}

/**
 * The index that a key leads to. A crosshair tells places of one x apart no more than the eye does: they are passed together.
 * @param x ascending
 */
export function nextPlace(x: ArrayLike<number>, { from, stride, first, last }: PlaceStep): number {
  let index = Math.min(Math.max(from + stride, first), last);
  while (x[index] === x[from] && index > first && index < last) index += Math.sign(stride);
  return index;
}
