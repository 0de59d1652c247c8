/**
 * Which of the points are drawn where there are too many: the first, the last, and of each of equally many points between them
 * the lowest and the highest, so that no extreme is lost and none is made up.
 * @param values in their order; what is not finite is a gap, which stands for a bucket only where nothing else is in it
 * @param most at least 4
 * @returns ascending indices, at most so many; all of them where they are few enough
 */
export function downsample(values: readonly number[], most: number): number[] {
  const last = values.length - 1;
  if (values.length <= most) return values.map((_, index) => index);
  const buckets = Math.floor((most - 2) / 2);
  const chosen = [0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const edge = (number: number): number => 1 + Math.floor((number * (last - 1)) / buckets);
    chosen.push(...extremesOf(values, edge(bucket), edge(bucket + 1)));
  }
  return [...chosen, last];
}

/** Indices of the lowest and the highest value in [start, end), ascending. */
function extremesOf(values: readonly number[], start: number, end: number): number[] {
  let [lowest, highest] = [-1, -1];
  for (let index = start; index < end; index++) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) continue;
    if (lowest < 0 || value < (values[lowest] as number)) lowest = index;
    if (highest < 0 || value > (values[highest] as number)) highest = index;
  }
  if (lowest < 0) return start < end ? [start] : [];
  if (lowest === highest) return [lowest];
  return lowest < highest ? [lowest, highest] : [highest, lowest];
}
