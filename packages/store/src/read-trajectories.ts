import type { Page, RolloutKey, StoredTrajectory, TrajectoryFilter, TrajectoryId } from "@litmus/core";
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Database } from "./database.ts";
import { parseRecord } from "./parse-record.ts";
import { recordSchemas } from "./record-schemas.ts";
import { keyColumns, keyOrder, matches } from "./rollout-filter.ts";
import { rewardComponents, rewards, rollouts, searchCalls, trajectories, turns } from "./schema.ts";

/** Trajectories whose parts are fetched by one statement. */
const batchSize = 200;

/** One trajectory with all its parts, or null. */
export async function readTrajectory(database: Database, id: TrajectoryId): Promise<StoredTrajectory | null> {
  const [found] = await readBatch(database, [id]);
  return found ?? null;
}

/** Trajectories by stage, step, purpose, group, member: all, or one page. */
export async function readTrajectories(
  database: Database,
  filter: TrajectoryFilter,
  page?: Page,
): Promise<readonly StoredTrajectory[]> {
  const query = database
    .select({ id: rollouts.id })
    .from(rollouts)
    .where(matches(filter))
    .orderBy(...keyOrder)
    .$dynamic();
  const rows = await (page === undefined ? query : query.offset(page.offset).limit(page.limit));
  const found: StoredTrajectory[] = [];
  for (let start = 0; start < rows.length; start += batchSize) {
    const ids = rows.slice(start, start + batchSize).map((row) => row.id);
    found.push(...(await readBatch(database, ids)));
  }
  return found;
}

/** Keys in the order of {@link readTrajectories}. */
export async function readRolloutKeys(database: Database, filter: TrajectoryFilter): Promise<readonly RolloutKey[]> {
  const rows = await database
    .select(keyColumns)
    .from(rollouts)
    .where(matches(filter))
    .orderBy(...keyOrder);
  return rows.map((row) => parseRecord(recordSchemas.rolloutKey, row, "rollout"));
}

async function readBatch(database: Database, ids: readonly string[]): Promise<StoredTrajectory[]> {
  const wanted = [...ids];
  const rows = await database
    .select({ rollout: rollouts, trajectory: trajectories, reward: rewards })
    .from(rollouts)
    .innerJoin(trajectories, eq(trajectories.id, rollouts.id))
    .leftJoin(rewards, eq(rewards.trajectoryId, rollouts.id))
    .where(inArray(rollouts.id, wanted))
    .orderBy(...keyOrder);
  const turnRows = await database
    .select({ turn: turns, search: searchCalls })
    .from(turns)
    .leftJoin(
      searchCalls,
      and(eq(searchCalls.trajectoryId, turns.trajectoryId), eq(searchCalls.position, turns.position)),
    )
    .where(inArray(turns.trajectoryId, wanted))
    .orderBy(asc(turns.position));
  const componentRows = await database
    .select()
    .from(rewardComponents)
    .where(inArray(rewardComponents.trajectoryId, wanted))
    .orderBy(asc(rewardComponents.position));
  const turnsOf = Map.groupBy(turnRows, (row) => row.turn.trajectoryId);
  const componentsOf = Map.groupBy(componentRows, (row) => row.trajectoryId);
  return rows.map((row) => assemble(row, turnsOf.get(row.rollout.id) ?? [], componentsOf.get(row.rollout.id) ?? []));
}

interface MainRow {
  readonly rollout: typeof rollouts.$inferSelect;
  readonly trajectory: typeof trajectories.$inferSelect;
  readonly reward: typeof rewards.$inferSelect | null;
}

interface TurnRow {
  readonly turn: typeof turns.$inferSelect;
  readonly search: typeof searchCalls.$inferSelect | null;
}

function assemble(
  { rollout, trajectory: row, reward }: MainRow,
  turnRows: readonly TurnRow[],
  components: readonly (typeof rewardComponents.$inferSelect)[],
): StoredTrajectory {
  const { id, problemId, ...key } = rollout;
  const trajectory = {
    ...row,
    prompt: { name: row.promptName, sha256: row.promptSha256 },
    policy: {
      engine: row.policyEngine,
      modelSha256: row.policyModelSha256,
      version: row.policyVersion,
      adapterSha256: row.policyAdapterSha256,
    },
    tokens: row.tokenIds,
    turns: turnRows.map(({ turn, search }) => ({ ...turn, search })),
    timing: { startedAt: row.startedAt, durationMs: row.durationMs },
  };
  const scored = reward === null ? null : { ...reward, components };
  const raw = { id, key, problemId, trajectory, reward: scored, rewardFailure: row.rewardFailure };
  return parseRecord(recordSchemas.trajectory, raw, `trajectory ${id}`);
}
