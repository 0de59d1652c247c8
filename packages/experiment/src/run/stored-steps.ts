import type { MetricRecord, RunId, TrajectoryStore } from "@litmus/core";
import { isReinforcement, type ExperimentConfig } from "../config/schema.ts";
import { nameStages } from "./name-stages.ts";
import type { StepSummary } from "./run-event.ts";

/** A run as its records know it. */
export interface StoredRun {
  readonly store: Pick<TrajectoryStore, "evaluations" | "metrics">;
  readonly runId: RunId;
  readonly config: ExperimentConfig;
}

/** The reinforcement steps of a run, read back from its metrics: also those of an earlier process. */
export async function storedSteps(context: StoredRun, onlyStage?: string): Promise<StepSummary[]> {
  const metrics = Map.groupBy(await context.store.metrics(context.runId), (metric) => metric.stage);
  return nameStages(context.config.stages)
    .filter(({ name, config }) => isReinforcement(config) && (onlyStage ?? name) === name)
    .flatMap(({ name }) => stepSummaries(metrics.get(name) ?? []));
}

/** The steps of one reinforcement stage by their number, from its metrics; those without a reward are left out. */
export function stepSummaries(metrics: readonly Pick<MetricRecord, "step" | "name" | "value">[]): StepSummary[] {
  const steps = new Map<number, Map<string, number>>();
  for (const { step, name, value } of metrics) {
    const values = steps.get(step) ?? new Map<string, number>();
    steps.set(step, values.set(name, value));
  }
  return [...steps]
    .filter(([, values]) => values.has("reward"))
    .sort(([a], [b]) => a - b)
    .map(([step, values]) => toSummary(step, values));
}

function toSummary(step: number, values: ReadonlyMap<string, number>): StepSummary {
  const value = (name: string): number => values.get(name) ?? 0;
  return {
    step,
    reward: value("reward"),
    exactMatch: value("exactMatch"),
    meanKl: values.get("meanKl") ?? null,
    tokens: value("tokens"),
    seconds: value("seconds"),
    episodes: value("episodes"),
    failures: value("failures"),
    droppedGroups: value("droppedGroups"),
    zeroVarianceGroups: value("zeroVarianceGroups"),
    searchesPerEpisode: value("searchesPerEpisode"),
    tokensPerEpisode: value("tokensPerEpisode"),
    gradientNorm: value("gradientNorm"),
    learningRate: value("learningRate"),
    clipFraction: value("clipFraction"),
    updates: value("updates"),
    groups: value("groups"),
    problemsPassed: value("problemsPassed"),
    versionsBehind: value("versionsBehind"),
    validActions: value("validActions"),
    entropy: values.get("entropy") ?? null,
    weightMean: values.get("weightMean") ?? null,
    weightDeviation: values.get("weightDeviation") ?? null,
    effectiveShare: values.get("effectiveShare") ?? null,
    refusedUpdates: value("refusedUpdates"),
    loss: value("loss"),
  };
}
