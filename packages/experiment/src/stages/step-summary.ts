import type { Divergence } from "@litmus/algorithms";
import type { StoredTrajectory } from "@litmus/core";
import type { StepSummary } from "../run/run-event.ts";
import { exactMatchOf } from "./exact-match.ts";
import { survivorsOf, varies } from "./group-batch.ts";
import type { UpdateSummary } from "./update-policy.ts";

interface StepParts {
  /** From 1. */
  readonly step: number;
  /** All groups of the step, those that were not learned from included. */
  readonly groups: readonly (readonly StoredTrajectory[])[];
  /** Of the stage's order, those left out by a curriculum included. */
  readonly problemsPassed: number;
  readonly update: UpdateSummary;
  readonly seconds: number;
}

/** The numbers of one step; means are over the episodes that did not fail. */
export function summarizeStep({ step, groups, problemsPassed, update, seconds }: StepParts): StepSummary {
  const entries = groups.flat();
  const kept = groups.map(survivorsOf).filter((survivors) => survivors !== null);
  const scored = entries.filter((entry) => entry.reward !== null);
  const tokens = entries.reduce((sum, entry) => sum + entry.trajectory.usage.sampledTokens, 0);
  return {
    step,
    reward: mean(scored.map((entry) => entry.reward?.total ?? 0)),
    exactMatch: mean(scored.map(exactMatchOf)),
    meanKl: update.divergence?.klNats ?? null,
    tokens,
    seconds,
    episodes: entries.length,
    failures: entries.length - scored.length,
    droppedGroups: groups.length - kept.length,
    zeroVarianceGroups: kept.filter((group) => !varies(group)).length,
    searchesPerEpisode: mean(scored.map((entry) => entry.trajectory.usage.searches)),
    tokensPerEpisode: mean(scored.map((entry) => entry.trajectory.usage.sampledTokens)),
    gradientNorm: update.gradientNorm,
    learningRate: update.learningRate,
    clipFraction: update.clipFraction,
    updates: update.updates,
    groups: groups.length,
    problemsPassed,
    validActions: validActionsOf(scored),
    entropy: update.entropy,
  };
}

function validActionsOf(entries: readonly StoredTrajectory[]): number {
  const actions = entries.flatMap((entry) => entry.trajectory.turns.map((turn) => turn.action));
  return mean(actions.map((action) => (action.type === "malformed" ? 0 : 1)));
}

/** A step as metric rows; the step number is their key. */
export function metricsOfStep(summary: StepSummary, update: UpdateSummary): Record<string, number> {
  const { step: _step, meanKl, entropy, ...rest } = summary;
  return {
    ...rest,
    loss: update.loss,
    refusedUpdates: update.refused,
    ...(meanKl === null ? {} : { meanKl }),
    ...(entropy === null ? {} : { entropy }),
    ...(update.divergence === null ? {} : divergenceMetrics(update.divergence)),
  };
}

function divergenceMetrics({
  meanAbsoluteNats,
  weightMean,
  weightDeviation,
  effectiveShare,
}: Divergence): Record<string, number> {
  return { meanAbsoluteNats, weightMean, weightDeviation, effectiveShare };
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
