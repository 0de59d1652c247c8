import type { TrainedTokens, TrajectoryId } from "@litmus/core";
import { eq } from "drizzle-orm";
import type { Database } from "./database.ts";
import { parseRecord } from "./parse-record.ts";
import { recordSchemas } from "./record-schemas.ts";
import { trainedTokens } from "./schema.ts";

/** Rows of one statement: a few megabytes at most. */
const batchSize = 100;

/** Stores what an update made of trajectories; of each the first one stays. */
export async function saveTrainedTokens(transaction: Database, trained: readonly TrainedTokens[]): Promise<void> {
  for (let start = 0; start < trained.length; start += batchSize) {
    await transaction
      .insert(trainedTokens)
      .values(trained.slice(start, start + batchSize))
      .onConflictDoNothing();
  }
}

/** What an update made of a trajectory, or null. */
export async function readTrainedTokens(database: Database, id: TrajectoryId): Promise<TrainedTokens | null> {
  const [row] = await database.select().from(trainedTokens).where(eq(trainedTokens.trajectoryId, id));
  return row === undefined ? null : parseRecord(recordSchemas.trainedTokens, row, `tokens trained of ${id}`);
}
