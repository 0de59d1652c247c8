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
  /** Of the version that sampled, behind the one that is updated. */
  readonly versionsBehind: number;
  readonly update: UpdateSummary;
  readonly seconds: number;
}

/** The numbers of one step; means are over the episodes that did not fail. */
export function summarizeStep({
  step,
  groups,
  problemsPassed,
  versionsBehind,
  update,
  seconds,
}: StepParts): StepSummary {
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
    versionsBehind,
    validActions: validActionsOf(scored),
    entropy: update.entropy,
    weightMean: update.divergence?.weightMean ?? null,
    weightDeviation: update.divergence?.weightDeviation ?? null,
    effectiveShare: update.divergence?.effectiveShare ?? null,
    refusedUpdates: update.refused,
    loss: update.loss,
  };
}

function validActionsOf(entries: readonly StoredTrajectory[]): number {
  const actions = entries.flatMap((entry) => entry.trajectory.turns.map((turn) => turn.action));
  return mean(actions.map((action) => (action.type === "malformed" ? 0 : 1)));
}

/** A step as metric rows; the step number is their key, and what is null has none. */
export function metricsOfStep({ step: _step, ...values }: StepSummary): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null));
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
