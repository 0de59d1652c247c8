import { wilsonInterval, type Interval } from "@litmus/algorithms";
import type { MetricCurve, RunRecord, StopReason } from "@litmus/core";
import type { EvaluationResult } from "@litmus/evaluation";
import { stopOf } from "../run/metric-catalogue.ts";
import { runShape, runStepOf } from "../run-shape.ts";
import type { StoreReads } from "../store-reads.ts";
import { evaluationCurves, type CurveValue } from "./evaluation-curves.ts";

/** One stored value, where it stands in its run. */
export interface CurvePoint extends CurveValue {
  /** From 0, the base. */
  readonly runStep: number;
  readonly stage: string;
  readonly step: number;
}

type StageValue = Omit<CurvePoint, "runStep">;

/** Steps store of what the band of a share is made. */
const counts = ["episodes", "failures", "groups"];

/** The metrics that the curves of others are made of. */
export function storedMetrics(metrics: readonly string[]): string[] {
  const ofSteps = metrics.filter((metric) => evaluationCurve(metric) === null && stopOf(metric) === null);
  const isCounted = metrics.some((metric) => isMean(metric) || stopOf(metric) !== null);
  return isCounted ? [...ofSteps, ...counts] : ofSteps;
}

const isMean = (metric: string): boolean => metric === "exactMatch" || metric === "reward";

const evaluationCurve = (metric: string): ((result: EvaluationResult) => CurveValue | null) | null =>
  Object.hasOwn(evaluationCurves, metric) ? (evaluationCurves[metric] ?? null) : null;

interface Wanted {
  readonly run: RunRecord;
  readonly metric: string;
  /** Curves of the run, those of {@link storedMetrics} among them. */
  readonly stored: readonly MetricCurve[];
}

/** The values of a metric over a run, in its order: those of its steps, of its evaluations, or of how its episodes ended. */
export async function runCurve(reads: StoreReads, wanted: Wanted): Promise<CurvePoint[]> {
  const shape = runShape(wanted.run);
  return (await valuesOf(reads, wanted))
    .flatMap((value): CurvePoint[] => {
      const runStep = runStepOf(shape, value.stage, value.step);
      return runStep === null ? [] : [{ ...value, runStep }];
    })
    .sort((a, b) => a.runStep - b.runStep);
}

async function valuesOf(reads: StoreReads, wanted: Wanted): Promise<StageValue[]> {
  const { run, metric } = wanted;
  const valueOf = evaluationCurve(metric);
  if (valueOf !== null) return evaluationValues(reads, run, valueOf);
  const reason = stopOf(metric);
  if (reason !== null) return stopValues(reads, wanted, reason);
  return stepValues(wanted);
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

async function stopValues(reads: StoreReads, { run, stored }: Wanted, reason: string): Promise<StageValue[]> {
  const totals = await reads.remember(run.id, "totals", () => reads.store.rolloutTotals([run.id]));
  const stages = new Set(totals.map(({ stage }) => stage));
  const groups = new Map([...stages].map((stage) => [stage, byStep(stored, stage, "groups")]));
  return totals
    .filter(({ purpose, trajectories, failed }) => purpose === "train" && trajectories > failed)
    .map(({ stage, step, trajectories, failed, stopReasons }) => {
      const scored = trajectories - failed;
      const ended = Object.hasOwn(stopReasons, reason) ? (stopReasons[reason as StopReason] ?? 0) : 0;
      const n = Math.min(scored, groups.get(stage)?.get(step) ?? 0);
      return { stage, step, value: ended / scored, ci95: meanInterval(ended / scored, { largest: 1, n }) };
    });
}

function stepValues({ run, metric, stored }: Wanted): StageValue[] {
  const largest = largestMean(run, metric);
  return stored
    .filter(({ name }) => name === metric)
    .flatMap(({ stage, steps, values }) => {
      const n = largest === null ? null : scoredGroups(stored, stage);
      return steps.map((step, index) => {
        const value = values[index] ?? Number.NaN;
        const ci95 = largest === null ? null : meanInterval(value, { largest, n: n?.get(step) ?? 0 });
        return { stage, step, value, ci95 };
      });
    });
}

/** A metric of a stage, by step. */
function byStep(curves: readonly MetricCurve[], stage: string, metric: string): ReadonlyMap<number, number> {
  const curve = curves.find((each) => each.stage === stage && each.name === metric);
  return new Map(curve?.steps.map((step, index) => [step, curve.values[index] ?? 0]));
}

/** Groups of each step, of which no more can be scored than episodes are; none of a step that has not stored them. */
function scoredGroups(curves: readonly MetricCurve[], stage: string): ReadonlyMap<number, number> {
  const [made, failed] = [byStep(curves, stage, "episodes"), byStep(curves, stage, "failures")];
  return new Map(
    [...byStep(curves, stage, "groups")].map(([step, groups]) => [
      step,
      Math.min(groups, (made.get(step) ?? 0) - (failed.get(step) ?? 0)),
    ]),
  );
}

/** Largest value of what a metric is the mean of over episodes, from 0; null where that is not known. */
function largestMean(run: RunRecord, metric: string): number | null {
  if (metric === "exactMatch") return 1;
  const weights = metric === "reward" ? runShape(run).config?.reward : undefined;
  return weights === undefined ? null : Object.values(weights).reduce((sum, weight) => sum + weight, 0);
}

/**
 * Wilson's on the scale of the value, over groups: the members of one share a problem, so that its episodes are no independent
 * draws. Conservative: it takes them for copies of one another, and scores for all or nothing. None where no group is known.
 */
function meanInterval(value: number, { largest, n }: { largest: number; n: number }): Interval | null {
  const share = value / largest;
  // Also of what is no number.
  if (!(n > 0 && share >= 0 && share <= 1 + 1e-9)) return null;
  const { low, high } = wilsonInterval(Math.min(share, 1) * n, n);
  return { low: low * largest, high: high * largest };
}
