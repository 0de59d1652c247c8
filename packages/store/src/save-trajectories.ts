import { LitmusError, trajectoryId } from "@litmus/core";
import type { GroupClaim, GroupKey, Reward, SaveResult, StoredTrajectory } from "@litmus/core";
import { holdClaim } from "./claim-group.ts";
import type { Database } from "./database.ts";
import { rewardComponents, rewards, rollouts, searchCalls, trajectories, turns } from "./schema.ts";

/** Rows of one statement: far below Postgres' 65,535 parameters, and a few megabytes at most. */
const batchSize = 100;

/**
 * Stores trajectories with their turns, search calls and rewards, all or nothing; under a claim that is void, nothing.
 * @throws LitmusError `invalid-input` when an id is not that of its key, or a key is not of the claimed group
 */
export async function saveTrajectories(
  database: Database,
  entries: readonly StoredTrajectory[],
  claim?: GroupClaim,
): Promise<readonly SaveResult[]> {
  for (const entry of entries) assertIdBelongsToKey(entry);
  if (claim !== undefined) assertOfGroup(entries, claim);
  if (entries.length === 0) return [];
  return database.transaction(async (transaction) => {
    if (claim !== undefined && !(await holdClaim(transaction, claim))) return entries.map(() => "fenced");
    const added = await saveKeys(transaction, entries);
    // Of two entries with one key the first is stored.
    const isStored = entries.map(({ id }) => added.delete(id));
    await saveParts(
      transaction,
      entries.filter((_, index) => isStored[index]),
    );
    return isStored.map((stored) => (stored ? "stored" : "exists"));
  });
}

/** Returns the ids that are new. In the order of the ids, so that two writers of one set wait for each other in one direction. */
async function saveKeys(transaction: Database, entries: readonly StoredTrajectory[]): Promise<Set<string>> {
  const rows = entries
    .map(({ id, key, problemId }) => ({ id, ...key, problemId }))
    .toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  const added = new Set<string>();
  await inBatches(rows, async (batch) => {
    const inserted = await transaction
      .insert(rollouts)
      .values(batch)
      .onConflictDoNothing()
      .returning({ id: rollouts.id });
    for (const { id } of inserted) added.add(id);
  });
  return added;
}

async function saveParts(transaction: Database, entries: readonly StoredTrajectory[]): Promise<void> {
  const rewarded = entries.flatMap(({ id, reward }) => (reward === null ? [] : [{ id, reward }]));
  await inBatches(entries.map(trajectoryRow), (rows) => transaction.insert(trajectories).values(rows));
  await inBatches(entries.flatMap(turnRows), (rows) => transaction.insert(turns).values(rows));
  await inBatches(entries.flatMap(searchRows), (rows) => transaction.insert(searchCalls).values(rows));
  await inBatches(rewarded.map(rewardRow), (rows) => transaction.insert(rewards).values(rows));
  await inBatches(rewarded.flatMap(componentRows), (rows) => transaction.insert(rewardComponents).values(rows));
}

async function inBatches<Row>(rows: readonly Row[], insert: (batch: Row[]) => PromiseLike<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += batchSize) await insert(rows.slice(start, start + batchSize));
}

/** An id of another key would let the conflict rule swallow a trajectory that was never stored. */
function assertIdBelongsToKey({ id, key }: StoredTrajectory): void {
  if (id === trajectoryId(key)) return;
  throw new LitmusError("invalid-input", `trajectory id ${id} is not the id of its key ${JSON.stringify(key)}`, {
    hint: "derive the id with trajectoryId(key)",
  });
}

function assertOfGroup(entries: readonly StoredTrajectory[], { group }: GroupClaim): void {
  const stranger = entries.find(({ key }) => groupText(key) !== groupText(group));
  if (stranger === undefined) return;
  throw new LitmusError(
    "invalid-input",
    `trajectory ${stranger.id} is not of the claimed group ${groupText(group)}: its key is ${JSON.stringify(stranger.key)}`,
    { hint: "save the trajectories of one group under the claim on that group" },
  );
}

const groupText = ({ runId, stage, step, purpose, group }: GroupKey): string =>
  JSON.stringify([runId, stage, step, purpose, group]);

function trajectoryRow({ id, trajectory, rewardFailure }: StoredTrajectory): typeof trajectories.$inferInsert {
  const { prompt, policy, timing, tokens, ...rest } = trajectory;
  return {
    id,
    schemaVersion: rest.schemaVersion,
    question: rest.question,
    promptName: prompt.name,
    promptSha256: prompt.sha256,
    policyEngine: policy.engine,
    policyModelSha256: policy.modelSha256,
    policyVersion: policy.version,
    policyAdapterSha256: policy.adapterSha256,
    indexId: rest.indexId,
    temperature: rest.temperature,
    seed: rest.seed,
    tokenIds: tokens,
    segments: rest.segments,
    logProbs: rest.logProbs,
    answer: rest.answer,
    cited: rest.cited,
    outcome: rest.outcome,
    usage: rest.usage,
    startedAt: timing.startedAt,
    durationMs: timing.durationMs,
    rewardFailure,
  };
}

function turnRows({ id, trajectory }: StoredTrajectory): (typeof turns.$inferInsert)[] {
  return trajectory.turns.map(({ index, actionText, action, sampledTokens }, position) => ({
    trajectoryId: id,
    position,
    index,
    actionText,
    action,
    sampledTokens,
  }));
}

function searchRows({ id, trajectory }: StoredTrajectory): (typeof searchCalls.$inferInsert)[] {
  return trajectory.turns.flatMap(({ search }, position) =>
    search === null ? [] : [{ trajectoryId: id, position, ...search }],
  );
}

interface Rewarded {
  readonly id: string;
  readonly reward: Reward;
}

function rewardRow({ id, reward }: Rewarded): typeof rewards.$inferInsert {
  return { trajectoryId: id, total: reward.total, scorer: reward.scorer };
}

function componentRows({ id, reward }: Rewarded): (typeof rewardComponents.$inferInsert)[] {
  return reward.components.map((component, position) => ({ trajectoryId: id, position, ...component }));
}
