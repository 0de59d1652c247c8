import type { XAxis } from "@litmus/api";
import type { MetricCurve, RunRecord } from "@litmus/core";
import { isSampling, runShape, runStepOf } from "../run-shape.ts";

/** Where a step of a run stands on an axis. @param runStep from 0, the base, which stands at 0 */
export type RunAxis = (runStep: number) => number;

/** The metric that an axis adds up; null where it counts steps. */
export const axisMetric = (x: XAxis): string | null => (x === "step" ? null : x === "time" ? "seconds" : "tokens");

/**
 * Seconds and tokens are those of all steps up to it, evaluations between them left out; what a step has not stored counts as
 * nothing.
 * @param stored curves of the run, those of {@link axisMetric} among them
 */
export function runAxis(run: RunRecord, x: XAxis, stored: readonly MetricCurve[]): RunAxis {
  if (x === "step") return (runStep) => runStep;
  const shape = runShape(run);
  const { stages } = shape;
  const sampling = new Set(stages.filter(isSampling).map(({ name }) => name));
  const curves = stored.filter(({ name }) => name === axisMetric(x));
  // The tokens of a supervised step were taught, not sampled.
  const counted = x === "time" ? curves : curves.filter(({ stage }) => sampling.has(stage));
  const total = new Float64Array(stages.reduce((steps, stage) => steps + stage.steps, 0) + 1);
  for (const { stage, steps, values } of counted) {
    const first = runStepOf(shape, stage, 0);
    if (first === null) continue;
    steps.forEach((step, index) => {
      const value = values[index] ?? 0;
      if (first + step < total.length && Number.isFinite(value)) total[first + step] = value;
    });
  }
  for (let step = 1; step < total.length; step++) total[step] = (total[step] ?? 0) + (total[step - 1] ?? 0);
  return (runStep) => total[Math.min(runStep, total.length - 1)] ?? 0;
}
