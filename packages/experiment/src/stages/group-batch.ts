import { aggregationWeights, groupCentredAdvantages, isConstant, keepGroup } from "@litmus/algorithms";
import { actionPositions, type Datum, type StoredTrajectory } from "@litmus/core";
import type { GrpoStageConfig } from "../config/schema.ts";

/** What became of the groups of one step. */
export interface GroupBatch {
  /** Data with a non-zero advantage: the others have no gradient, but stay in the denominators. */
  readonly data: readonly Datum[];
  /** Some trajectories for comparing trainer and sampler where there are no data; without advantages. */
  readonly probe: readonly Datum[];
  readonly droppedGroups: number;
  readonly zeroVarianceGroups: number;
}

/** Enough tokens for a mean, few enough for a fraction of an update's time. */
const probeSize = 4;

/**
 * Groups to training data: group-centred advantages over the members that did not fail.
 * @param groups_P_G trajectories by group, failed ones included
 */
export function buildGroupBatch(
  groups_P_G: readonly (readonly StoredTrajectory[])[],
  config: GrpoStageConfig,
): GroupBatch {
  const survivors_P = groups_P_G.map((group) => group.filter((entry) => entry.reward !== null && sampledAny(entry)));
  const kept_P = survivors_P.filter((survivors, index) =>
    keepGroup({ members: groups_P_G[index]?.length ?? 0, survivors: survivors.length }),
  );
  const returns_P_G = kept_P.map((group) => group.map((entry) => entry.reward?.total ?? 0));
  const members = kept_P.flat();
  const counts = {
    droppedGroups: groups_P_G.length - kept_P.length,
    zeroVarianceGroups: returns_P_G.filter(isConstant).length,
  };
  if (members.length === 0) return { data: [], probe: [], ...counts };
  const advantages = groupCentredAdvantages(returns_P_G).flat();
  const weights = aggregationWeights({
    aggregation: config.aggregation,
    policyTokens: members.map((entry) => entry.trajectory.logProbs.length),
  });
  const data = members.map((entry, index) => toDatum(entry, advantages[index] ?? 0, weights[index] ?? 0));
  return {
    data: data.filter((datum) => datum.advantages[0] !== 0),
    probe: data.slice(0, probeSize),
    ...counts,
  };
}

const sampledAny = (entry: StoredTrajectory): boolean => entry.trajectory.logProbs.length > 0;

function toDatum(entry: StoredTrajectory, advantage: number, weight: number): Datum {
  const positions = actionPositions(entry.trajectory);
  return {
    id: entry.id,
    tokens: entry.trajectory.tokens,
    positions,
    weights: positions.map(() => weight),
    advantages: positions.map(() => advantage),
    behaviourLogProbs: entry.trajectory.logProbs,
    oldLogProbs: null,
  };
}
