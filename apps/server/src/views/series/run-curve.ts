import { wilsonInterval, type Interval } from "@litmus/algorithms";
import type { MetricCurve, RunRecord, StopReason } from "@litmus/core";
import type { EvaluationResult } from "@litmus/evaluation";
import { stopOf } from "../run/metric-catalogue.ts";
import { runShape, runStepOf } from "../run-shape.ts";
import type { StoreReads } from "../store-reads.ts";
import { evaluationCurves, type CurveValue } from "./evaluation-curves.ts";
import { metricCurves } from "./metric-curves.ts";

/** One stored value, where it stands in its run. */
export interface CurvePoint extends CurveValue {
  /** From 0, the base. */
  readonly runStep: number;
  readonly stage: string;
  readonly step: number;
}

type StageValue = Omit<CurvePoint, "runStep">;

/** The values of a metric over a run, in its order: those of its steps, of its evaluations, or of how its episodes ended. */
export async function runCurve(reads: StoreReads, run: RunRecord, metric: string): Promise<CurvePoint[]> {
  const shape = runShape(run);
  return (await valuesOf(reads, run, metric))
    .flatMap((value): CurvePoint[] => {
      const runStep = runStepOf(shape, value.stage, value.step);
      return runStep === null ? [] : [{ ...value, runStep }];
    })
    .sort((a, b) => a.runStep - b.runStep);
}

async function valuesOf(reads: StoreReads, run: RunRecord, metric: string): Promise<StageValue[]> {
  const valueOf = evaluationCurves[metric];
  if (valueOf !== undefined) return evaluationValues(reads, run, valueOf);
  const reason = stopOf(metric);
  if (reason !== null) return stopValues(reads, run, reason);
  return stepValues(reads, run, metric);
}

async function evaluationValues(
  reads: StoreReads,
  run: RunRecord,
  valueOf: (result: EvaluationResult) => CurveValue | null,
): Promise<StageValue[]> {
  const records = await reads.remember(run.id, "evaluations", () => reads.store.evaluations(run.id));
  return records.flatMap(({ stage, step, result }) => {
    const value = valueOf(result as EvaluationResult);
    return value === null ? [] : [{ stage, step, ...value }];
  });
}

async function stopValues(reads: StoreReads, run: RunRecord, reason: string): Promise<StageValue[]> {
  const totals = await reads.remember(run.id, "totals", () => reads.store.rolloutTotals([run.id]));
  return totals
    .filter(({ purpose, trajectories, failed }) => purpose === "train" && trajectories > failed)
    .map(({ stage, step, trajectories, failed, stopReasons }) => {
      const n = trajectories - failed;
      const ended = stopReasons[reason as StopReason] ?? 0;
      return { stage, step, value: ended / n, ci95: wilsonInterval(ended, n) };
    });
}

async function stepValues(reads: StoreReads, run: RunRecord, metric: string): Promise<StageValue[]> {
  const largest = largestMean(run, metric);
  const names = largest === null ? [metric] : [metric, "episodes", "failures"];
  const curves = await metricCurves(reads, run.id, names);
  return curves
    .filter(({ name }) => name === metric)
    .flatMap(({ stage, steps, values }) => {
      const scored = largest === null ? null : scoredEpisodes(curves, stage);
      return steps.map((step, index) => {
        const value = values[index] ?? Number.NaN;
        const n = scored?.get(step) ?? 0;
        const ci95 = largest === null ? null : meanInterval(value, { largest, n });
        return { stage, step, value, ci95 };
      });
    });
}

/** Episodes of each step that were scored. */
function scoredEpisodes(curves: readonly MetricCurve[], stage: string): ReadonlyMap<number, number> {
  const byStep = (metric: string): Map<number, number> => {
    const curve = curves.find((each) => each.stage === stage && each.name === metric);
    return new Map(curve?.steps.map((step, index) => [step, curve.values[index] ?? 0]));
  };
  const failed = byStep("failures");
  return new Map([...byStep("episodes")].map(([step, made]) => [step, made - (failed.get(step) ?? 0)]));
}

/** Largest value of what a metric is the mean of over episodes, from 0; null where that is not known. */
function largestMean(run: RunRecord, metric: string): number | null {
  if (metric === "exactMatch") return 1;
  const weights = metric === "reward" ? runShape(run).config?.reward : undefined;
  return weights === undefined ? null : Object.values(weights).reduce((sum, weight) => sum + weight, 0);
}

/** Wilson's on the scale of the value: conservative for means of scores that are not all or nothing. */
function meanInterval(value: number, { largest, n }: { largest: number; n: number }): Interval | null {
  const share = value / largest;
  // Also of what is no number.
  if (!(n > 0 && share >= 0 && share <= 1 + 1e-9)) return null;
  const { low, high } = wilsonInterval(Math.min(share, 1) * n, n);
  return { low: low * largest, high: high * largest };
}
