/**
 * @file Exponential moving average that weighs by distance on x and starts without bias, as trackers of experiments draw it:
 * departs from the plain one in that a point twice as far away counts as two steps, so that gaps and down-sampling do not change its form.
 */

/**
 * @param x ascending
 * @param y null where there is a gap; it stays one and weighs nothing
 * @param weight of the past over one mean distance between points, in [0, 1): 0 changes nothing
 * @returns the same length as y; each value depends on this series' earlier points alone
 */
export function smooth(x: readonly number[], y: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight === 0) return [...y];
  const unit = meanDistance(x);
  let sum = 0;
  let mass = 0;
  let lastX: number | null = null;
  return y.map((value, i) => {
    const at = x[i];
    if (value === null || at === undefined) return null;
    const decay = lastX === null ? 0 : weight ** ((at - lastX) / unit);
    sum = sum * decay + value * (1 - weight);
    mass = mass * decay + (1 - weight);
    lastX = at;
    return sum / mass;
  });
}

function meanDistance(x: readonly number[]): number {
  const first = x[0];
  const last = x.at(-1);
  if (first === undefined || last === undefined || last <= first) return 1;
  return (last - first) / (x.length - 1);
}
