/**
 * @file Exponential moving average that weighs by distance on x and starts without bias, as trackers of experiments draw it:
 * departs from the plain one in that a point counts as many steps as lie between it and the one before, so that gaps and
 * down-sampling do not change its form.
 * What counts as one step is told, not taken from the points: so the same weight reaches as far, whichever of them were fetched.
 */

/** What is smoothed; all as long as x. */
export interface Curve {
  /** Ascending. */
  readonly x: readonly number[];
  /** Null where there is a gap; it stays one and weighs nothing. */
  readonly y: readonly (number | null)[];
  /** Of each point: what one stage came to weighs nothing in the next. */
  readonly stage?: readonly string[];
  /** Distance on x that counts as one step; 1 unless told. */
  readonly unit?: number;
}

/**
 * @param weight of the past over one unit of x, in [0, 1): 0 changes nothing
 * @returns the same length as y; each value depends on this series' earlier points of its stage alone
 */
export function smooth({ x, y, stage, unit = 1 }: Curve, weight: number): (number | null)[] {
  if (weight === 0) return [...y];
  let sum = 0;
  let mass = 0;
  let last: { readonly at: number; readonly stage: string | undefined } | null = null;
  return y.map((value, i) => {
    const at = x[i];
    if (value === null || at === undefined) return null;
    const decay = last === null || last.stage !== stage?.[i] ? 0 : weight ** ((at - last.at) / unit);
    // The first point of a stage stands for one step, as there is none before it.
    const share = decay === 0 ? 1 - weight : 1 - decay;
    sum = sum * decay + value * share;
    mass = mass * decay + share;
    last = { at, stage: stage?.[i] };
    return sum / mass;
  });
}
