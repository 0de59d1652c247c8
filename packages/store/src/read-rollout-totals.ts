import { stopReasons, type RolloutTotals, type RunId, type StopReason } from "@litmus/core";
import { asc, count, eq, sql } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import type { Database } from "./database.ts";
import { isOneOf } from "./is-one-of.ts";
import { parseRecord } from "./parse-record.ts";
import { recordSchemas } from "./record-schemas.ts";
import { rewardComponents, rewards, rollouts, trajectories } from "./schema.ts";

/** Sums of each step and purpose of the runs. */
export async function readRolloutTotals(
  database: Database,
  runIds: readonly RunId[],
): Promise<readonly RolloutTotals[]> {
  const each = eachRollout(database, runIds);
  const { runId, stage, step, purpose, isScored } = each;
  const rows = await database
    .select({
      runId,
      stage,
      step,
      purpose,
      trajectories: count(),
      failed: sql`count(*) FILTER (WHERE NOT ${isScored})`.mapWith(Number),
      sampledTokens: sql`sum(${each.sampledTokens})`.mapWith(Number),
      searches: sql`sum(${each.searches})`.mapWith(Number),
      durationMs: sql`sum(${each.durationMs})`.mapWith(Number),
      correct: sql`sum(${each.correct})`.mapWith(Number),
      ended: sql<readonly number[]>`ARRAY[${sql.join(
        stopReasons.map((reason) => endedBy(reason, each)),
        sql`, `,
      )}]`,
      scored: sql`count(*) FILTER (WHERE ${isScored})`.mapWith(Number),
      ofTokens: moments(sql`${each.sampledTokens}`, each),
      ofSearches: moments(sql`${each.searches}`, each),
      ofMilliseconds: moments(sql`round(${each.durationMs})`, each),
    })
    .from(each)
    .groupBy(runId, stage, step, purpose)
    .orderBy(sql`${runId} COLLATE "C"`, asc(stage), asc(step), asc(purpose));
  return rows.map(({ ended, scored: scoredOnes, ofTokens, ofSearches, ofMilliseconds, ...row }) => {
    const scored = {
      trajectories: scoredOnes,
      sampledTokens: ofTokens,
      searches: ofSearches,
      durationMs: ofMilliseconds,
    };
    const raw = { ...row, scored, stopReasons: reasonsOf(ended) };
    return parseRecord(recordSchemas.rolloutTotals, raw, "totals of rollouts");
  });
}

function eachRollout(database: Database, runIds: readonly RunId[]) {
  const { runId, stage, step, purpose } = rollouts;
  return database
    .select({
      runId,
      stage,
      step,
      purpose,
      isScored: sql<boolean>`${rewards.trajectoryId} IS NOT NULL`.as("is_scored"),
      sampledTokens: usage("sampledTokens").as("sampled_tokens"),
      searches: usage("searches").as("searches"),
      durationMs: trajectories.durationMs,
      reason: sql<string>`${trajectories.outcome} ->> 'reason'`.as("reason"),
      correct: sql<number>`coalesce(${exactMatch(database)}, 0)`.as("correct"),
    })
    .from(rollouts)
    .innerJoin(trajectories, eq(trajectories.id, rollouts.id))
    .leftJoin(rewards, eq(rewards.trajectoryId, rollouts.id))
    .where(isOneOf(runId, runIds))
    .as("each_rollout");
}

/** A number that JSON lacks stands there as its name behind a mark, which Postgres can read without the mark. */
function usage(name: "sampledTokens" | "searches"): SQL<number> {
  return sql`translate(${trajectories.usage} ->> ${sql.raw(`'${name}'`)}, chr(26), '')::double precision`;
}

function exactMatch(database: Database): SQL {
  const { trajectoryId, name, score } = rewardComponents;
  const scores = database.select({ score: sql`sum(${score})` }).from(rewardComponents);
  return sql`${scores.where(sql`${trajectoryId} = ${rollouts.id} AND ${name} = 'exactMatch'`)}`;
}

const endedBy = (reason: StopReason, { isScored, reason: ended }: ReturnType<typeof eachRollout>): SQL =>
  sql`count(*) FILTER (WHERE ${isScored} AND ${ended} = ${reason})`;

/** Those that occur, in the order of all. */
const reasonsOf = (counts: readonly number[]): Record<string, number> =>
  Object.fromEntries(
    stopReasons.map((reason, index) => [reason, Number(counts[index])] as const).filter(([, times]) => times > 0),
  );

/** @see MomentSums. Postgres fails where a product leaves the range of a double: such a number stands for its square. */
function moments(x: SQL, { isScored, correct }: ReturnType<typeof eachRollout>) {
  const isSmall = sql`abs(${x}) < 1e150 AND (abs(${x}) > 1e-150 OR ${x} = 0)`;
  const sum = (of: SQL): SQL<number> => sql`coalesce(sum(${of}) FILTER (WHERE ${isScored}), 0)`.mapWith(Number);
  return {
    x: sum(x),
    xx: sum(sql`CASE WHEN ${isSmall} THEN ${x} * ${x} ELSE ${x} END`),
    xCorrect: sum(sql`CASE WHEN ${isSmall} THEN ${x} * ${correct} ELSE ${x} END`),
  };
}
