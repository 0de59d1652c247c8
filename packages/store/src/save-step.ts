import { LitmusError, canonicalJson } from "@litmus/core";
import type { CheckpointRecord, MetricRecord, PolicyVersionRecord, StepCommit } from "@litmus/core";
import { and, eq } from "drizzle-orm";
import type { Database } from "./database.ts";
import { parseRecord } from "./parse-record.ts";
import { recordSchemas } from "./record-schemas.ts";
import { checkpoints, metrics, policyVersions } from "./schema.ts";
import { saveTrainedTokens } from "./trained-tokens.ts";

/** Metrics of one statement: far below Postgres' 65,535 parameters. */
const batchSize = 1000;

/**
 * Stores a finished step, all or nothing; a second commit of the same step changes nothing.
 * @throws LitmusError `conflict` when that step or version is stored with another adapter
 */
export async function commitStep(database: Database, commit: StepCommit): Promise<void> {
  await database.transaction(async (transaction) => {
    await savePolicyVersion(transaction, commit.version);
    if (!(await saveCheckpoint(transaction, commit.checkpoint))) return;
    await saveMetrics(transaction, commit.metrics);
    await saveTrainedTokens(transaction, commit.trained ?? []);
  });
}

/** Stores a version once. @throws LitmusError `conflict` when it is stored with another adapter or parent */
export async function savePolicyVersion(database: Database, record: PolicyVersionRecord): Promise<void> {
  const added = await database
    .insert(policyVersions)
    .values(record)
    .onConflictDoNothing()
    .returning({ version: policyVersions.version });
  if (added.length > 0) return;
  const [row] = await database
    .select()
    .from(policyVersions)
    .where(and(eq(policyVersions.runId, record.runId), eq(policyVersions.version, record.version)));
  const stored = parseRecord(recordSchemas.policyVersion, row, "policy version");
  if (versionIdentity(stored) === versionIdentity(record)) return;
  throw new LitmusError(
    "conflict",
    `version ${record.version} of run ${record.runId} is already stored with other weights`,
    {
      hint: "two processes trained one run, or a step was trained twice: resume from the last checkpoint",
    },
  );
}

const versionIdentity = ({ adapter, parentSha256, stage, step }: PolicyVersionRecord): string =>
  canonicalJson([adapter?.sha256 ?? null, parentSha256, stage, step]);

async function saveCheckpoint(database: Database, record: CheckpointRecord): Promise<boolean> {
  const added = await database
    .insert(checkpoints)
    .values(record)
    .onConflictDoNothing()
    .returning({ step: checkpoints.step });
  if (added.length > 0) return true;
  const [row] = await database
    .select()
    .from(checkpoints)
    .where(
      and(eq(checkpoints.runId, record.runId), eq(checkpoints.stage, record.stage), eq(checkpoints.step, record.step)),
    );
  const stored = parseRecord(recordSchemas.checkpoint, row, "checkpoint");
  if (
    stored.state.adapterSha256 === record.state.adapterSha256 &&
    stored.state.optimizerSha256 === record.state.optimizerSha256
  )
    return false;
  throw new LitmusError(
    "conflict",
    `step ${record.step} of stage ${record.stage} of run ${record.runId} is already committed with other weights`,
    {
      hint: "a step must be trained once: resume from the last checkpoint",
    },
  );
}

/** Stores metrics in order, all or nothing; one that is stored already stays as it is. */
export async function saveMetrics(database: Database, records: readonly MetricRecord[]): Promise<void> {
  if (records.length === 0) return;
  await database.transaction(async (transaction) => {
    for (let start = 0; start < records.length; start += batchSize) {
      await transaction
        .insert(metrics)
        .values(records.slice(start, start + batchSize))
        .onConflictDoNothing();
    }
  });
}
