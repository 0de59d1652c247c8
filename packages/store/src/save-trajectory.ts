import { LitmusError, trajectoryId } from "@litmus/core";
import type { Reward, StoredTrajectory, Turn } from "@litmus/core";
import type { Database } from "./database.ts";
import { rewardComponents, rewards, rollouts, searchCalls, trajectories, turns } from "./schema.ts";

/**
 * Stores a trajectory with its turns, search calls and reward, all or nothing.
 * @throws LitmusError `invalid-input` when the id is not that of the key
 */
export async function saveTrajectory(database: Database, entry: StoredTrajectory): Promise<"stored" | "exists"> {
  assertIdBelongsToKey(entry);
  return database.transaction(async (transaction) => {
    const { id, key, problemId } = entry;
    const added = await transaction
      .insert(rollouts)
      .values({ id, ...key, problemId })
      .onConflictDoNothing()
      .returning({ id: rollouts.id });
    if (added.length === 0) return "exists";
    await transaction.insert(trajectories).values(trajectoryRow(entry));
    await saveTurns(transaction, id, entry.trajectory.turns);
    if (entry.reward !== null) await saveReward(transaction, id, entry.reward);
    return "stored";
  });
}

/** An id of another key would let the conflict rule swallow a trajectory that was never stored. */
function assertIdBelongsToKey({ id, key }: StoredTrajectory): void {
  if (id === trajectoryId(key)) return;
  throw new LitmusError("invalid-input", `trajectory id ${id} is not the id of its key ${JSON.stringify(key)}`, {
    hint: "derive the id with trajectoryId(key)",
  });
}

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

async function saveTurns(database: Database, trajectoryId: string, all: readonly Turn[]): Promise<void> {
  if (all.length === 0) return;
  await database.insert(turns).values(
    all.map(({ index, actionText, action, sampledTokens }, position) => ({
      trajectoryId,
      position,
      index,
      actionText,
      action,
      sampledTokens,
    })),
  );
  const calls = all.flatMap(({ search }, position) => (search === null ? [] : [{ trajectoryId, position, ...search }]));
  if (calls.length > 0) await database.insert(searchCalls).values(calls);
}

async function saveReward(database: Database, trajectoryId: string, reward: Reward): Promise<void> {
  await database.insert(rewards).values({ trajectoryId, total: reward.total, scorer: reward.scorer });
  if (reward.components.length === 0) return;
  await database
    .insert(rewardComponents)
    .values(reward.components.map((component, position) => ({ trajectoryId, position, ...component })));
}
