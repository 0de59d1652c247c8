import { advantages, aggregationWeights, isConstant, keepGroup, overlongPenalty } from "@litmus/algorithms";
import {
  actionPositions,
  isOfChatModel,
  LitmusError,
  type Datum,
  type StoredTrajectory,
  type Trajectory,
} from "@litmus/core";
import type { ReinforcementConfig } from "../config/reinforcement.ts";

/** Enough tokens for a mean, few enough for a fraction of an update's time. */
const probeSize = 4;

export interface BatchSettings {
  readonly config: ReinforcementConfig;
  /** Most policy tokens that the budgets allow a trajectory. */
  readonly maxPolicyTokens: number;
  /** What is taken off a trajectory's reward for its distance from the reference policy; none when left out. */
  readonly klPenalty?: (entry: StoredTrajectory) => number;
}

/**
 * The members that did not fail, of each group of which enough are left; null for the others.
 * @throws LitmusError `incompatible` where a chat model wrote one: it has no tokens, and is no empty trajectory
 */
export function survivorsOf(group: readonly StoredTrajectory[]): readonly StoredTrajectory[] | null {
  group.forEach(refuseChatModel);
  const survivors = group.filter((entry) => entry.reward !== null && entry.trajectory.logProbs.length > 0);
  const isAlone = group.length === 1 && survivors.length === 1;
  return isAlone || keepGroup({ members: group.length, survivors: survivors.length }) ? survivors : null;
}

function refuseChatModel({ id, trajectory }: StoredTrajectory): void {
  if (!isOfChatModel(trajectory)) return;
  throw new LitmusError(
    "incompatible",
    `trajectory ${id} was written by ${trajectory.policy.engine}, a chat model: it has no tokens to train on`,
    { path: "policy.engine", hint: "train on trajectories of a token policy" },
  );
}

/** Whether the verifier told the members of a group apart. */
export function varies(survivors: readonly StoredTrajectory[]): boolean {
  return !isConstant(survivors.map(rewardOf));
}

/** Some trajectories for comparing trainer and sampler where there is nothing to learn from; without advantages. */
export function probeOf(groups_P_G: readonly (readonly StoredTrajectory[])[]): readonly Datum[] {
  const members = groups_P_G.flatMap((group) => survivorsOf(group) ?? []);
  return members.slice(0, probeSize).map((entry) => toDatum(entry));
}

/**
 * The advantages of the members that did not fail, by trajectory id; none where fewer than two are left, which tell nothing.
 * @param groups_P_G trajectories by group, failed ones included
 */
export function memberAdvantages(
  groups_P_G: readonly (readonly StoredTrajectory[])[],
  settings: BatchSettings,
): ReadonlyMap<string, number> {
  const kept_P = groups_P_G.map(survivorsOf).filter((survivors) => survivors !== null);
  const members = kept_P.flat();
  if (members.length < 2) return new Map();
  const returns_P_G = kept_P.map((group) => group.map((entry) => returnOf(entry, settings)));
  const advantage = advantages(settings.config.advantage, returns_P_G).flat();
  return new Map(members.map(({ id }, index) => [id, advantage[index] ?? 0]));
}

/**
 * Groups to training data: returns, advantages over the members that did not fail, weights. Data of advantage 0 have no
 * gradient without a KL or entropy term: they are left out, but stay in the denominators.
 * @param groups_P_G trajectories by group, failed ones included
 */
export function buildGroupBatch(
  groups_P_G: readonly (readonly StoredTrajectory[])[],
  settings: BatchSettings,
): readonly Datum[] {
  const { config, maxPolicyTokens } = settings;
  const advantage = memberAdvantages(groups_P_G, settings);
  const members = groups_P_G.flatMap((group) => survivorsOf(group) ?? []).filter(({ id }) => advantage.has(id));
  if (members.length === 0) return [];
  const trained = members.map((entry) => toDatum(entry, { withObservations: config.trainObservations }));
  const weights = aggregationWeights({
    aggregation: config.aggregation,
    policyTokens: trained.map((datum) => datum.positions.length),
    maxPolicyTokens,
  });
  const data = trained.map((datum, index) => weighted(datum, advantage.get(datum.id) ?? 0, weights[index] ?? 0));
  // A KL or entropy term has a gradient whatever the advantage is.
  const isWholeBatch = config.kl?.in === "loss" || config.entropyBonus > 0;
  return isWholeBatch ? data : data.filter((datum) => datum.advantages[0] !== 0);
}

const rewardOf = (entry: StoredTrajectory): number => entry.reward?.total ?? 0;

function returnOf(entry: StoredTrajectory, { config, klPenalty }: BatchSettings): number {
  const tokens = entry.trajectory.logProbs.length;
  const overlong = config.overlong === null ? 0 : overlongPenalty(config.overlong, tokens);
  return rewardOf(entry) + overlong - (klPenalty?.(entry) ?? 0);
}

/**
 * A trajectory as the trainer takes it, with weights of one; retrieved tokens have no probability under the sampler.
 * @throws LitmusError `incompatible` where a chat model wrote it
 */
export function toDatum(entry: StoredTrajectory, options: { readonly withObservations?: boolean } = {}): Datum {
  refuseChatModel(entry);
  const isWide = options.withObservations === true;
  const positions = isWide ? replyPositions(entry.trajectory) : actionPositions(entry.trajectory);
  return {
    id: entry.id,
    tokens: entry.trajectory.tokens,
    positions,
    weights: positions.map(() => 1),
    advantages: positions.map(() => 0),
    behaviourLogProbs: isWide ? null : entry.trajectory.logProbs,
    oldLogProbs: null,
    referenceLogProbs: null,
  };
}

/** Positions of actions and of what was retrieved, which a correction is not. */
function replyPositions({ segments, turns }: Pick<Trajectory, "segments" | "turns">): number[] {
  const isRetrieved = (turn: number): boolean => turn === 0 || turns[turn - 1]?.search !== null;
  return segments
    .filter(({ kind, turn }) => kind === "action" || (kind === "observation" && isRetrieved(turn)))
    .flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
}

function weighted(datum: Datum, advantage: number, weight: number): Datum {
  return {
    ...datum,
    weights: datum.positions.map(() => weight),
    advantages: datum.positions.map(() => advantage),
  };
}
