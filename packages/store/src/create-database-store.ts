import { LitmusError } from "@litmus/core";
import type { EvaluationRecord, Problem, RunId, RunRecord, RunStatus, TrajectoryStore } from "@litmus/core";
import { and, asc, desc, eq, sql } from "drizzle-orm";
import { claimGroup } from "./claim-group.ts";
import type { Database } from "./database.ts";
import { isOneOf } from "./is-one-of.ts";
import { parseRecord } from "./parse-record.ts";
import { readLatestMetrics, readMetricCurves, readMetrics } from "./read-metrics.ts";
import { readRevisions, readSizeBytes } from "./read-revisions.ts";
import { readRolloutTotals } from "./read-rollout-totals.ts";
import { readSummaries } from "./read-summaries.ts";
import { readRolloutKeys, readTrajectories, readTrajectory } from "./read-trajectories.ts";
import { recordSchemas } from "./record-schemas.ts";
import { removeTrajectories } from "./remove-trajectories.ts";
import { commitStep, saveMetrics, savePolicyVersion } from "./save-step.ts";
import { saveTrajectories } from "./save-trajectories.ts";
import { checkpoints, evaluations, policyVersions, problems, runs } from "./schema.ts";
import { readTrainedTokens } from "./trained-tokens.ts";

/** The port over a migrated database. `close` is the owner's: it is called once, by the store's own `close`. */
export function createDatabaseStore(database: Database, close: () => Promise<void>): TrajectoryStore {
  return {
    saveRun: (run) => saveRun(database, run),
    setRunStatus: (id, status, finishedAt) => setRunStatus(database, { id, status, finishedAt }),
    run: (id) => readRun(database, id),
    runs: () => readRuns(database),
    saveProblems: (runId, split, all) => saveProblems(database, { runId, split, all }),
    problem: async (runId, id) => {
      const [row] = await database
        .select()
        .from(problems)
        .where(and(eq(problems.runId, runId), eq(problems.id, id)));
      return row === undefined ? null : parseRecord(recordSchemas.problem, row, "problem");
    },
    problems: async (runId, split) => {
      const rows = await database
        .select()
        .from(problems)
        .where(and(eq(problems.runId, runId), split === undefined ? undefined : eq(problems.split, split)))
        .orderBy(sql`${problems.id} COLLATE "C"`);
      return rows.map((row) => parseRecord(recordSchemas.storedProblem, row, "problem"));
    },
    claimGroup: (group, version) => claimGroup(database, group, version),
    saveTrajectories: (entries, claim) => saveTrajectories(database, entries, claim),
    trajectory: (id) => readTrajectory(database, id),
    trajectories: (filter, page) => readTrajectories(database, filter, page),
    rolloutKeys: (filter) => readRolloutKeys(database, filter),
    summaries: (filter, page) => readSummaries(database, filter, page),
    rolloutTotals: (runIds) => readRolloutTotals(database, runIds),
    trained: (id) => readTrainedTokens(database, id),
    removeTrajectories: (runId, expected) => removeTrajectories(database, runId, expected),
    commitStep: (commit) => commitStep(database, commit),
    savePolicyVersion: (version) => savePolicyVersion(database, version),
    policyVersions: async (runId) => {
      const rows = await database
        .select()
        .from(policyVersions)
        .where(eq(policyVersions.runId, runId))
        .orderBy(asc(policyVersions.version));
      return rows.map((row) => parseRecord(recordSchemas.policyVersion, row, "policy version"));
    },
    checkpoints: async (runId) => {
      const rows = await database
        .select()
        .from(checkpoints)
        .where(eq(checkpoints.runId, runId))
        .orderBy(asc(checkpoints.sequence));
      return rows.map((row) => parseRecord(recordSchemas.checkpoint, row, "checkpoint"));
    },
    saveMetrics: (all) => saveMetrics(database, all),
    metrics: (runId) => readMetrics(database, runId),
    metricCurves: (runId, names) => readMetricCurves(database, runId, names),
    latestMetrics: (runIds) => readLatestMetrics(database, runIds),
    saveEvaluation: (evaluation) => saveEvaluation(database, evaluation),
    evaluations: (runId) => readEvaluations(database, [runId]),
    evaluationsOf: (runIds) => readEvaluations(database, runIds),
    revisions: () => readRevisions(database),
    sizeBytes: () => readSizeBytes(database),
    close,
  };
}

async function saveRun(database: Database, run: RunRecord): Promise<void> {
  await database.insert(runs).values(run).onConflictDoNothing();
}

interface StatusChange {
  readonly id: RunId;
  readonly status: RunStatus;
  readonly finishedAt: string | null;
}

async function setRunStatus(database: Database, { id, status, finishedAt }: StatusChange): Promise<void> {
  const changed = await database
    .update(runs)
    .set({ status, finishedAt })
    .where(eq(runs.id, id))
    .returning({ id: runs.id });
  if (changed.length === 0) throw new LitmusError("not-found", `there is no run ${id}`);
}

async function readRun(database: Database, id: RunId): Promise<RunRecord | null> {
  const [row] = await database.select().from(runs).where(eq(runs.id, id));
  return row === undefined ? null : parseRecord(recordSchemas.run, row, "run");
}

async function readRuns(database: Database): Promise<readonly RunRecord[]> {
  const rows = await database.select().from(runs).orderBy(desc(runs.createdAt), desc(runs.sequence));
  return rows.map((row) => parseRecord(recordSchemas.run, row, "run"));
}

interface ProblemBatch {
  readonly runId: RunId;
  readonly split: string;
  readonly all: readonly Problem[];
}

async function saveProblems(database: Database, { runId, split, all }: ProblemBatch): Promise<void> {
  await database.transaction(async (transaction) => {
    for (let start = 0; start < all.length; start += 1000) {
      const rows = all.slice(start, start + 1000).map((problem) => ({ runId, split, ...problem }));
      await transaction.insert(problems).values(rows).onConflictDoNothing();
    }
  });
}

async function readEvaluations(database: Database, runIds: readonly RunId[]): Promise<readonly EvaluationRecord[]> {
  const rows = await database
    .select()
    .from(evaluations)
    .where(isOneOf(evaluations.runId, runIds))
    .orderBy(sql`${evaluations.runId} COLLATE "C"`, asc(evaluations.sequence));
  return rows.map((row) => parseRecord(recordSchemas.evaluation, row, "evaluation"));
}

async function saveEvaluation(database: Database, evaluation: EvaluationRecord): Promise<void> {
  await database.insert(evaluations).values(evaluation).onConflictDoNothing();
}
