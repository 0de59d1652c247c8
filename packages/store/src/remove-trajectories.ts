import { LitmusError } from "@litmus/core";
import type { RunId } from "@litmus/core";
import { eq, inArray } from "drizzle-orm";
import type { Database } from "./database.ts";
import {
  rewardComponents,
  rewards,
  rolloutGroups,
  rollouts,
  searchCalls,
  trainedTokens,
  trajectories,
  turns,
} from "./schema.ts";

/** What refers to a trajectory, before what it refers to. */
const partsOfTrajectories = [trainedTokens, rewardComponents, rewards, searchCalls, turns] as const;

/** Removes all trajectories of a run, if there are so many. @throws LitmusError `conflict` otherwise */
export async function removeTrajectories(database: Database, runId: RunId, expected: number): Promise<void> {
  await database.transaction(async (transaction) => {
    const ids = transaction.select({ id: rollouts.id }).from(rollouts).where(eq(rollouts.runId, runId));
    for (const table of partsOfTrajectories) await transaction.delete(table).where(inArray(table.trajectoryId, ids));
    await transaction.delete(trajectories).where(inArray(trajectories.id, ids));
    const removed = await transaction.delete(rollouts).where(eq(rollouts.runId, runId)).returning({ id: rollouts.id });
    await transaction.delete(rolloutGroups).where(eq(rolloutGroups.runId, runId));
    if (removed.length === expected) return;
    throw new LitmusError("conflict", `run ${runId} has ${removed.length} trajectories, not ${expected}`, {
      hint: "another process has written some meanwhile: nothing was removed; run the same command again",
    });
  });
}
