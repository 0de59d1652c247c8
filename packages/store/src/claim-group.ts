import { LitmusError } from "@litmus/core";
import type { GroupClaim, GroupKey, PolicyVersion } from "@litmus/core";
import { and, asc, eq, sql } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import type { Database } from "./database.ts";
import { rolloutGroups, rollouts } from "./schema.ts";

/**
 * Raises the attempt of a group, and reads its stored members after that: who writes under an earlier claim has ended by then,
 * or will find the attempt changed.
 * @throws LitmusError `conflict` when the group was claimed for another policy version
 */
export async function claimGroup(
  database: Database,
  group: GroupKey,
  version: PolicyVersion,
): Promise<{ readonly claim: GroupClaim; readonly stored: readonly number[] }> {
  return database.transaction(async (transaction) => {
    const [raised] = await transaction
      .insert(rolloutGroups)
      .values({ ...keyOf(group), attempt: 1, policyVersion: version })
      .onConflictDoUpdate({
        target: [
          rolloutGroups.runId,
          rolloutGroups.stage,
          rolloutGroups.step,
          rolloutGroups.purpose,
          rolloutGroups.group,
        ],
        set: { attempt: sql`${rolloutGroups.attempt} + 1` },
        setWhere: eq(rolloutGroups.policyVersion, version),
      })
      .returning({ attempt: rolloutGroups.attempt });
    if (raised === undefined) throw await otherVersion(transaction, group, version);
    const members = await transaction
      .select({ member: rollouts.member })
      .from(rollouts)
      .where(isGroup(rollouts, group))
      .orderBy(asc(rollouts.member));
    return { claim: { group: keyOf(group), attempt: raised.attempt }, stored: members.map(({ member }) => member) };
  });
}

/** Whether a claim is the last one. Until the transaction ends, no other claim on the group is granted. */
export async function holdClaim(transaction: Database, { group, attempt }: GroupClaim): Promise<boolean> {
  const [row] = await transaction
    .select({ attempt: rolloutGroups.attempt })
    .from(rolloutGroups)
    .where(isGroup(rolloutGroups, group))
    .for("share");
  return row?.attempt === attempt;
}

/** A rollout key is a group's key with a member: only what names the group is taken. */
const keyOf = ({ runId, stage, step, purpose, group }: GroupKey): GroupKey => ({ runId, stage, step, purpose, group });

function isGroup(table: typeof rolloutGroups | typeof rollouts, group: GroupKey): SQL | undefined {
  return and(
    eq(table.runId, group.runId),
    eq(table.stage, group.stage),
    eq(table.step, group.step),
    eq(table.purpose, group.purpose),
    eq(table.group, group.group),
  );
}

async function otherVersion(database: Database, group: GroupKey, version: PolicyVersion): Promise<LitmusError> {
  const [row] = await database
    .select({ policyVersion: rolloutGroups.policyVersion })
    .from(rolloutGroups)
    .where(isGroup(rolloutGroups, group));
  const { runId, stage, step, purpose } = group;
  const place = `group ${group.group} of step ${step} (${purpose}) of stage ${stage} of run ${runId}`;
  return new LitmusError(
    "conflict",
    `${place} was claimed for policy version ${row?.policyVersion}, and is asked for with version ${version}`,
    { hint: "a group is sampled from one version alone: resume the run from its last checkpoint" },
  );
}
