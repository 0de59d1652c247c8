import { meanInterval, type Interval } from "@litmus/algorithms";
import type { CurvePoint } from "./run-curve.ts";
import type { RunAxis } from "./run-axis.ts";

/** A point as it is drawn. */
export interface PlacedPoint extends CurvePoint {
  readonly x: number;
  /** Runs that it is over; null of a run's own. */
  readonly n: number | null;
  /** Values among them that are no finite number. */
  readonly notFinite: number;
}

/** A run's own curve on an axis. */
export function placePoints(points: readonly CurvePoint[], axis: RunAxis): PlacedPoint[] {
  return points.map((point) => ({
    ...point,
    x: axis(point.runStep),
    n: null,
    notFinite: Number.isFinite(point.value) ? 0 : 1,
  }));
}

interface RunPoints {
  readonly points: readonly CurvePoint[];
  readonly axis: RunAxis;
}

/**
 * The mean over runs at equal steps, with Student's interval; n says over how many. x grows from step to step by the mean of
 * what it took the runs that have the step, so that it ascends also where runs are of different lengths.
 * @param range that the values cannot leave, so that no interval does: [0, 1] of shares; null where there is none
 */
export function seedBand(runs: readonly RunPoints[], range: Interval | null): PlacedPoint[] {
  const steps = Map.groupBy(
    runs.flatMap(({ points, axis }) => points.map((point) => ({ point, axis }))),
    ({ point }) => point.runStep,
  );
  let [x, before] = [0, 0];
  return [...steps]
    .sort(([a], [b]) => a - b)
    .map(([runStep, members]) => {
      x += mean(members.map(({ axis }) => axis(runStep) - axis(before)));
      before = runStep;
      const point = meanPoint(members.map((member) => member.point));
      return { ...point, ci95: within(point.ci95, range), x };
    });
}

function meanPoint(points: readonly CurvePoint[]): Omit<PlacedPoint, "x"> {
  const [{ runStep, stage, step }] = points as [CurvePoint];
  const finite = points.map(({ value }) => value).filter(Number.isFinite);
  const { mean: value, ci95 } = meanInterval(finite) as { mean: number | null; ci95: Interval | null };
  return {
    runStep,
    stage,
    step,
    value: value ?? Number.NaN,
    ci95,
    n: finite.length,
    notFinite: points.length - finite.length,
  };
}

function within(interval: Interval | null, range: Interval | null): Interval | null {
  if (interval === null || range === null) return interval;
  return { low: Math.max(interval.low, range.low), high: Math.min(interval.high, range.high) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
