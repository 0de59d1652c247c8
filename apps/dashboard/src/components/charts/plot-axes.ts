import type { PlotView } from "./plot-view.ts";

/** What x spans: what is zoomed to, else the points and what the chart spans at least. */
export function xRange(
  { zoom, span }: Pick<PlotView, "zoom" | "span">,
  low: number | null,
  high: number | null,
): [number, number] {
  if (zoom !== null) return [zoom.from, zoom.to];
  const from = Math.min(low ?? Infinity, span?.from ?? Infinity);
  const to = Math.max(high ?? -Infinity, span?.to ?? -Infinity);
  if (from > to) return [0, 1];
  return from === to ? [from - 0.5, to + 0.5] : [from, to];
}

/** What y spans: the values and what the chart spans at least, with some room; below 0 only where a value is. */
export function yRange(domain: PlotView["domain"], low: number | null, high: number | null): [number, number] {
  const bottom = Math.min(low ?? domain?.[0] ?? 0, domain?.[0] ?? Infinity);
  const top = Math.max(high ?? domain?.[1] ?? 1, domain?.[1] ?? -Infinity);
  const padding = bottom === top ? Math.abs(top) * 0.1 || 0.5 : (top - bottom) * 0.06;
  const roomBelow = bottom === domain?.[0] ? 0 : padding;
  return [bottom >= 0 ? Math.max(0, bottom - roomBelow) : bottom - roomBelow, top + padding];
}

const powersOfTen = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
const stepsOf = (powers: readonly number[]): readonly number[] =>
  powers.flatMap((power) => [1, 2, 5].map((factor) => Number((factor * power).toPrecision(12))));

const wholeSteps = stepsOf(powersOfTen(0, 15));
const anySteps = stepsOf(powersOfTen(-12, 15));

/** Distances between ticks, the least first: where every place is a whole number, as steps are, ticks are too. */
export const tickSteps = (places: ArrayLike<number>): readonly number[] =>
  Array.from(places).every(Number.isInteger) ? wholeSteps : anySteps;
