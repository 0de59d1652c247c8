import type { MetricInfo } from "@litmus/api";
import type { EvaluationResult } from "@litmus/evaluation";
import { evaluationCurves } from "../series/evaluation-curves.ts";
import { isStepMetric, metricInfos, stopMetric } from "./metric-catalogue.ts";
import type { DrawnRows } from "./run-rows.ts";

/** What can be drawn of a run: what its steps, its evaluations and its episodes' ends give. */
export function runMetrics({ latest, evaluations, totals, shape }: DrawnRows): MetricInfo[] {
  const stages = new Set(shape.stages.map(({ name }) => name));
  // The last value of a name may be of something else than a step.
  const stored = [...latest].flatMap(([name, { stage }]) => (stages.has(stage) || isStepMetric(name) ? [name] : []));
  const stops = totals
    .filter(({ purpose }) => purpose === "train")
    .flatMap(({ stopReasons }) => Object.keys(stopReasons));
  const scored = Object.entries(evaluationCurves).flatMap(([name, valueOf]) =>
    evaluations.some(({ result }) => valueOf(result as EvaluationResult) !== null) ? [name] : [],
  );
  return metricInfos([...stored, ...stops.map(stopMetric), ...scored]);
}
