import type { Control, RunQuery, RunView } from "@litmus/api";
import type { RunId, RunRecord } from "@litmus/core";
import { runLimits } from "@litmus/experiment";
import { allRuns, knownRun } from "../known-run.ts";
import { runHead } from "../run-head.ts";
import type { StoreReads } from "../store-reads.ts";
import { configDifferences, configLeaves } from "../../config/config-leaves.ts";
import { parentOf, seedsOf } from "./related-runs.ts";
import { runAlarms } from "./run-alarms.ts";
import { runCost } from "./run-cost.ts";
import { runEvaluations, runGains } from "./run-evaluations.ts";
import { runFailures, runStopReasons } from "./run-failures.ts";
import { runMetrics } from "./run-metrics.ts";
import { lastChange, runProgress, stageProgress } from "./run-progress.ts";
import { runRows, sum, type RunRows } from "./run-rows.ts";

export interface RunViewOptions {
  readonly query: RunQuery;
  /** What may be done with the run from here. */
  readonly control: Control;
  readonly now?: Date;
}

/** All that the page of a run shows but its curves. @throws LitmusError `not-found` when there is no such run */
export async function runView(reads: StoreReads, runId: RunId, options: RunViewOptions): Promise<RunView> {
  const { query, control, now = new Date() } = options;
  const run = await knownRun(reads, runId);
  const [rows, runs] = await Promise.all([runRows(reads, run), allRuns(reads)]);
  const failed = await reads.remember(runId, "failed", () => reads.store.summaries({ runId, isFailed: true }));
  const stages = stageProgress(rows);
  const evaluations = runEvaluations(rows);
  const gains = runGains(rows);
  const updatedAt = await lastChange(reads, rows);
  const cost = runCost(rows);
  return {
    run: runHead(run),
    control,
    progress: { ...runProgress(rows, stages), updatedAt },
    cost,
    stages: stages.map(({ stepSeconds, ...stage }) => ({ ...stage, seconds: sum(stepSeconds) })),
    checkpoints: checkpointsOf(rows),
    evaluations,
    gains,
    alarms: runAlarms({ rows, stages, evaluations, gains, updatedAt, now }),
    failures: runFailures(failed, cost.trajectories),
    stopReasons: runStopReasons(rows.totals),
    metrics: runMetrics(rows),
    seeds: seedsOf(run, runs).map(runHead),
    config: await configOf(reads, { run, runs, against: query.against }),
    manifest: { ...run.manifest },
    idSpace: rows.shape.idSpace,
    limits: rows.shape.config === null ? [] : runLimits(rows.shape.config),
  };
}

const checkpointsOf = ({ checkpoints }: RunRows): RunView["checkpoints"] =>
  checkpoints.map(({ stage, step, state, parentSha256, createdAt }) => ({
    stage,
    step,
    version: state.version,
    sha256: state.adapterSha256,
    parentSha256,
    createdAt,
  }));

interface ConfigRequest {
  readonly run: RunRecord;
  readonly runs: readonly RunRecord[];
  /** A run to take the differences from, in place of the parent. */
  readonly against: string | undefined;
}

async function configOf(reads: StoreReads, { run, runs, against }: ConfigRequest): Promise<RunView["config"]> {
  const parent = await parentOf(reads, run, runs);
  const beforeId = (against ?? parent?.run.id) as RunId | undefined;
  const before = beforeId === undefined ? null : await knownRun(reads, beforeId);
  return {
    leaves: configLeaves(run.config),
    parent,
    differences: before === null ? [] : configDifferences(before.config, run.config),
  };
}
