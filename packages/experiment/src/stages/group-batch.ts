import { advantages, aggregationWeights, isConstant, keepGroup, overlongPenalty } from "@litmus/algorithms";
import { actionPositions, type Datum, type StoredTrajectory } from "@litmus/core";
import type { ReinforcementConfig } from "../config/reinforcement.ts";

/** What became of the groups of one step. */
export interface GroupBatch {
  /** Data with a gradient: those of advantage 0 have none without a KL or entropy term, but stay in the denominators. */
  readonly data: readonly Datum[];
  /** Some trajectories for comparing trainer and sampler where there are no data; without advantages. */
  readonly probe: readonly Datum[];
  readonly droppedGroups: number;
  readonly zeroVarianceGroups: number;
}

/** Enough tokens for a mean, few enough for a fraction of an update's time. */
const probeSize = 4;

export interface BatchSettings {
  readonly config: ReinforcementConfig;
  /** Most policy tokens that the budgets allow a trajectory. */
  readonly maxPolicyTokens: number;
  /** What is taken off a trajectory's reward for its distance from the reference policy; none when left out. */
  readonly klPenalty?: (entry: StoredTrajectory) => number;
}

/** The members that did not fail, of each group of which enough are left; null for the others. */
export function survivorsOf(group: readonly StoredTrajectory[]): readonly StoredTrajectory[] | null {
  const survivors = group.filter((entry) => entry.reward !== null && entry.trajectory.logProbs.length > 0);
  const isAlone = group.length === 1 && survivors.length === 1;
  return isAlone || keepGroup({ members: group.length, survivors: survivors.length }) ? survivors : null;
}

/** Whether the verifier told the members of a group apart. */
export function varies(survivors: readonly StoredTrajectory[]): boolean {
  return !isConstant(survivors.map(rewardOf));
}

/**
 * Groups to training data: returns, advantages over the members that did not fail, weights.
 * @param groups_P_G trajectories by group, failed ones included
 */
export function buildGroupBatch(
  groups_P_G: readonly (readonly StoredTrajectory[])[],
  settings: BatchSettings,
): GroupBatch {
  const { config, maxPolicyTokens } = settings;
  const kept_P = groups_P_G.map(survivorsOf).filter((survivors) => survivors !== null);
  const members = kept_P.flat();
  const counts = {
    droppedGroups: groups_P_G.length - kept_P.length,
    zeroVarianceGroups: kept_P.filter((group) => !varies(group)).length,
  };
  if (members.length < 2) return { data: [], probe: [], ...counts };
  const returns_P_G = kept_P.map((group) => group.map((entry) => returnOf(entry, settings)));
  const advantage = advantages(config.advantage, returns_P_G).flat();
  const weights = aggregationWeights({
    aggregation: config.aggregation,
    policyTokens: members.map((entry) => entry.trajectory.logProbs.length),
    maxPolicyTokens,
  });
  const data = members.map((entry, index) => toDatum(entry, advantage[index] ?? 0, weights[index] ?? 0));
  // A KL or entropy term has a gradient whatever the advantage is.
  const isWholeBatch = config.kl?.in === "loss" || config.entropyBonus > 0;
  return {
    data: isWholeBatch ? data : data.filter((datum) => datum.advantages[0] !== 0),
    probe: data.slice(0, probeSize),
    ...counts,
  };
}

const rewardOf = (entry: StoredTrajectory): number => entry.reward?.total ?? 0;

function returnOf(entry: StoredTrajectory, { config, klPenalty }: BatchSettings): number {
  const tokens = entry.trajectory.logProbs.length;
  const overlong = config.overlong === null ? 0 : overlongPenalty(config.overlong, tokens);
  return rewardOf(entry) + overlong - (klPenalty?.(entry) ?? 0);
}

/** A trajectory as the trainer takes it. */
export function toDatum(entry: StoredTrajectory, advantage: number, weight: number): Datum {
  const positions = actionPositions(entry.trajectory);
  return {
    id: entry.id,
    tokens: entry.trajectory.tokens,
    positions,
    weights: positions.map(() => weight),
    advantages: positions.map(() => advantage),
    behaviourLogProbs: entry.trajectory.logProbs,
    oldLogProbs: null,
    referenceLogProbs: null,
  };
}
