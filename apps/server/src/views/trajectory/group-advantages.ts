import { advantages, keepGroup, overlongPenalty } from "@litmus/algorithms";
import type { RunRecord, TrajectorySummary } from "@litmus/core";
import { isReinforcement, nameStages, type ExperimentConfig, type StageConfig } from "@litmus/experiment";
import { runShape } from "../run-shape.ts";
import type { StoreReads } from "../store-reads.ts";

/**
 * The advantage of each member of a group: what the update gave its tokens, else what the stage's estimator gives, where the
 * group alone decides that and its step is done: until then members are missing, and no update has used them. Null where nothing
 * was learned from a member, or that is not known.
 */
export async function groupAdvantages(
  reads: StoreReads,
  run: RunRecord,
  members: readonly TrajectorySummary[],
): Promise<(number | null)[]> {
  if (members.some(({ key }) => key.purpose !== "train")) return members.map(() => null);
  const stored = await Promise.all(members.map(({ id }) => reads.store.trained(id)));
  const computed = (await isStepDone(reads, run, members)) ? estimatedAdvantages(run, members) : [];
  return members.map((_, index) => meanOf(stored[index]?.advantages ?? []) ?? computed[index] ?? null);
}

/** Every step of reinforcement ends with a checkpoint, one without an update too. */
async function isStepDone(reads: StoreReads, run: RunRecord, [first]: readonly TrajectorySummary[]): Promise<boolean> {
  const checkpoints = await reads.remember(run.id, "checkpoints", () => reads.store.checkpoints(run.id));
  return checkpoints.some(({ stage, step }) => stage === first?.key.stage && step >= first.key.step);
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

function estimatedAdvantages(run: RunRecord, members: readonly TrajectorySummary[]): (number | null)[] {
  const unknown = members.map(() => null);
  const config = stageOf(runShape(run).config, members[0]?.key.stage);
  if (config === null || !decidesAlone(config)) return unknown;
  const survivors = members.filter(({ rewardTotal, usage }) => rewardTotal !== null && usage.sampledTokens > 0);
  if (!keepGroup({ members: members.length, survivors: survivors.length })) return unknown;
  const returns = survivors.map(({ rewardTotal, usage }) => (rewardTotal ?? 0) + overlong(config, usage.sampledTokens));
  const [own = []] = advantages(config.advantage, [returns]);
  return members.map((member) => own[survivors.indexOf(member)] ?? null);
}

type Reinforcement = Extract<StageConfig, { readonly advantage: string }>;

function stageOf(config: ExperimentConfig | null, name: string | undefined): Reinforcement | null {
  const stage = nameStages(config?.stages ?? []).find((each) => each.name === name)?.config;
  return stage !== undefined && isReinforcement(stage) ? stage : null;
}

/** Not where the whole batch is the baseline, or the distance to a reference is taken off the return. */
const decidesAlone = ({ advantage, kl }: Reinforcement): boolean =>
  advantage !== "batch-centred" && kl?.in !== "reward";

const overlong = ({ overlong: rule }: Reinforcement, tokens: number): number =>
  rule === null ? 0 : overlongPenalty(rule, tokens);
