import type { Page, SummaryFilter, TrajectorySummary } from "@litmus/core";
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import type { Database } from "./database.ts";
import { decodeJson, decodeText } from "./exact-text.ts";
import { parseRecord } from "./parse-record.ts";
import { recordSchemas } from "./record-schemas.ts";
import { keyColumns, keyOrder, matches } from "./rollout-filter.ts";
import { rewardComponents, rewards, rollouts, searchCalls, trajectories } from "./schema.ts";

/** Summaries in the order of the keys: all, or one page, in one statement that reads no token, no turn and no shown text. */
export async function readSummaries(
  database: Database,
  filter: SummaryFilter,
  page?: Page,
): Promise<readonly TrajectorySummary[]> {
  const [scored, searched] = [componentsOf(database), searchesOf(database)];
  const query = database
    .select({
      id: rollouts.id,
      key: keyColumns,
      problemId: rollouts.problemId,
      policyVersion: trajectories.policyVersion,
      answer: trajectories.answer,
      outcome: trajectories.outcome,
      rewardFailure: trajectories.rewardFailure,
      usage: trajectories.usage,
      startedAt: trajectories.startedAt,
      durationMs: trajectories.durationMs,
      rewardTotal: rewards.total,
      names: scored.names,
      scores: scored.scores,
      queries: searched.queries,
      recordIds: searched.recordIds,
    })
    .from(rollouts)
    .innerJoin(trajectories, eq(trajectories.id, rollouts.id))
    .leftJoin(rewards, eq(rewards.trajectoryId, rollouts.id))
    .leftJoinLateral(scored, sql`true`)
    .leftJoinLateral(searched, sql`true`)
    .where(and(matches(filter), hasFailed(filter)))
    .orderBy(...keyOrder)
    .$dynamic();
  const rows = await (page === undefined ? query : query.offset(page.offset).limit(page.limit));
  return rows.map((row) => {
    const components = row.names?.map((name, index) => ({ name, score: row.scores?.[index] }));
    const searches = row.queries?.map((text, index) => ({ query: text, recordIds: row.recordIds?.[index] }));
    const raw = { ...row, components: components ?? [], searches: searches ?? [] };
    return parseRecord(recordSchemas.summary, raw, `summary of trajectory ${row.id}`);
  });
}

function hasFailed({ isFailed }: SummaryFilter): SQL | undefined {
  if (isFailed === undefined) return undefined;
  return isFailed ? isNull(rewards.trajectoryId) : isNotNull(rewards.trajectoryId);
}

const texts = (stored: readonly string[]): readonly string[] => stored.map(decodeText);

function componentsOf(database: Database) {
  const { name, score, position, trajectoryId } = rewardComponents;
  return database
    .select({
      names: sql<readonly string[] | null>`array_agg(${name} ORDER BY ${position})`.mapWith(texts).as("names"),
      scores: sql<readonly number[] | null>`array_agg(${score} ORDER BY ${position})`.as("scores"),
    })
    .from(rewardComponents)
    .where(eq(trajectoryId, rollouts.id))
    .as("scored");
}

function searchesOf(database: Database) {
  const { query, recordIds, position, trajectoryId } = searchCalls;
  return database
    .select({
      queries: sql<readonly string[] | null>`array_agg(${query} ORDER BY ${position})`.mapWith(texts).as("queries"),
      recordIds: sql<unknown>`jsonb_agg(${recordIds} ORDER BY ${position})`
        .mapWith((stored: unknown) => decodeJson(stored) as readonly unknown[])
        .as("shown"),
    })
    .from(searchCalls)
    .where(eq(trajectoryId, rollouts.id))
    .as("searched");
}
