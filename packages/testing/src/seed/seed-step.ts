import {
  policyVersion,
  sha256,
  type MetricRecord,
  type Rng,
  type RunId,
  type StepCommit,
  type StoredTrajectory,
  type TrainedTokens,
} from "@litmus/core";
import { adapterSha256 } from "./seed-trajectories.ts";
import type { SeedPlan } from "./seed-plan.ts";

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Where a run stands after a step. */
export interface SeedPoint {
  readonly runId: RunId;
  readonly stage: string;
  /** Steps of the stage that are done. */
  readonly step: number;
  /** That the step publishes. */
  readonly version: number;
}

/** Metrics of a supervised step. */
export function sftMetrics(plan: SeedPlan, progress: number, rng: Rng): Record<string, number> {
  return {
    tokens: 400 + rng.integer(80),
    loss: 2.4 * (1 - progress) ** 1.5 + 0.35 + 0.1 * rng.uniform(),
    gradientNorm: 1.8 - progress + 0.3 * rng.uniform(),
    learningRate: plan.learningRate * (1 - progress),
    refusedUpdates: 0,
  };
}

/** Metrics of a reinforcement step: means over its trajectories; what only an update knows is drawn. */
export function reinforcementMetrics(
  plan: SeedPlan,
  groups: readonly (readonly StoredTrajectory[])[],
  rng: Rng,
): Record<string, number> {
  const entries = groups.flat();
  const scored = entries.filter(({ reward }) => reward !== null);
  const usage = (key: "sampledTokens" | "searches"): number[] => scored.map(({ trajectory }) => trajectory.usage[key]);
  const actions = scored.flatMap(({ trajectory }) => trajectory.turns.map(({ action }) => action.type));
  return {
    reward: mean(scored.map(({ reward }) => reward?.total ?? 0)),
    exactMatch: mean(scored.map(exactMatchOf)),
    meanKl: 0.002 + 0.004 * rng.uniform(),
    tokens: entries.reduce((sum, { trajectory }) => sum + trajectory.usage.sampledTokens, 0),
    seconds: 18 + 4 * rng.uniform(),
    episodes: entries.length,
    failures: entries.length - scored.length,
    droppedGroups: 0,
    zeroVarianceGroups: groups.filter((group) => new Set(group.map(({ reward }) => reward?.total)).size < 2).length,
    searchesPerEpisode: mean(usage("searches")),
    tokensPerEpisode: mean(usage("sampledTokens")),
    gradientNorm: 0.4 + 0.3 * rng.uniform(),
    learningRate: plan.learningRate,
    clipFraction: 0.05 * rng.uniform(),
    updates: 1,
    groups: groups.length,
    problemsPassed: groups.length,
    versionsBehind: 0,
    validActions: mean(actions.map((type) => (type === "malformed" ? 0 : 1))),
    entropy: 0.9 + 0.4 * rng.uniform(),
    weightMean: 1 + 0.02 * rng.normal(),
    weightDeviation: 0.05 + 0.02 * rng.uniform(),
    effectiveShare: 0.96 + 0.03 * rng.uniform(),
    refusedUpdates: 0,
    loss: -0.05 * rng.uniform(),
  };
}

function exactMatchOf({ reward }: StoredTrajectory): number {
  return reward?.components.find(({ name }) => name === "exactMatch")?.score ?? 0;
}

/** What the step's update made of its trajectories: group-centred advantages, and the trainer a little beside the sampler. */
export function trainedTokens(
  groups: readonly (readonly StoredTrajectory[])[],
  step: number,
  rng: Rng,
): TrainedTokens[] {
  return groups.flatMap((group) => {
    const survivors = group.flatMap((entry) => (entry.reward === null ? [] : [{ entry, total: entry.reward.total }]));
    const baseline = mean(survivors.map(({ total }) => total));
    return survivors.map(({ entry: { id, trajectory }, total }) => ({
      trajectoryId: id,
      step,
      advantages: trajectory.logProbs.map(() => total - baseline),
      trainerLogProbs: trajectory.logProbs.map((logProb) => Math.min(0, logProb + 0.02 * rng.normal())),
    }));
  });
}

export function metricRows(
  { runId, stage, step }: SeedPoint,
  values: Readonly<Record<string, number>>,
): MetricRecord[] {
  return Object.entries(values).map(([name, value]) => ({ runId, stage, step, name, value }));
}

/** A committed step: its checkpoint, the version that it publishes, and its metrics. */
export function stepCommit(
  plan: SeedPlan,
  point: SeedPoint,
  { metrics, trained }: { metrics: Readonly<Record<string, number>>; trained: readonly TrainedTokens[] },
): StepCommit {
  const { runId, stage, step } = point;
  const version = policyVersion(point.version);
  const hash = adapterSha256(plan, point.version);
  const parentSha256 = point.version === 1 ? null : adapterSha256(plan, point.version - 1);
  const adapterPath = `adapters/adapter-v${String(point.version).padStart(4, "0")}.gguf`;
  const optimizerPath = adapterPath.replace("adapter-", "optimizer-");
  const optimizerSha256 = sha256(`optimiser ${point.version} of ${plan.id}`);
  return {
    checkpoint: {
      runId,
      stage,
      step,
      state: { version, adapterPath, adapterSha256: hash, optimizerPath, optimizerSha256, updates: point.version },
      parentSha256,
      createdAt: new Date(Date.parse(plan.startedAt) + point.version * 45_000).toISOString(),
    },
    version: {
      runId,
      version,
      adapter: { version, path: adapterPath, sha256: hash },
      parentSha256,
      stage,
      step,
    },
    metrics: metricRows(point, metrics),
    trained,
  };
}
