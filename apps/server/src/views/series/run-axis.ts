import type { XAxis } from "@litmus/api";
import type { RunRecord } from "@litmus/core";
import { isSampling, runShape, runStepOf } from "../run-shape.ts";
import type { StoreReads } from "../store-reads.ts";
import { metricCurves } from "./metric-curves.ts";

/** Where a step of a run stands on an axis. @param runStep from 0, the base, which stands at 0 */
export type RunAxis = (runStep: number) => number;

/** Seconds and tokens are those of all steps up to it; what a step has not stored counts as nothing. */
export async function runAxis(reads: StoreReads, run: RunRecord, x: XAxis): Promise<RunAxis> {
  if (x === "step") return (runStep) => runStep;
  const shape = runShape(run);
  const { stages } = shape;
  const sampling = new Set(stages.filter(isSampling).map(({ name }) => name));
  const curves = await metricCurves(reads, run.id, [x === "time" ? "seconds" : "tokens"]);
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
