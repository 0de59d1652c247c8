import type { RunView } from "@litmus/api";
import type { RolloutTotals } from "@litmus/core";
import { stageOrder, type RunStage } from "../run-shape.ts";
import type { StoreReads } from "../store-reads.ts";
import { sum, valuesOf, type RunRows } from "./run-rows.ts";

/** Steps whose mean time stands for the next ones. */
const recentSteps = 10;

export interface StageProgress extends RunStage {
  readonly done: number;
  /** Of its steps that are done, in their order; those of supervised steps were not always stored. */
  readonly stepSeconds: readonly number[];
}

/** How far each stage is. */
export function stageProgress({ shape, curves, checkpoints }: RunRows): StageProgress[] {
  return shape.stages.map((stage) => {
    const own = curves.filter((curve) => curve.stage === stage.name);
    const committed = checkpoints.filter((checkpoint) => checkpoint.stage === stage.name).map(({ step }) => step);
    const stored = own.find(({ name }) => name === "loss")?.steps ?? [];
    return {
      ...stage,
      done: [...stored, ...committed].reduce((furthest, step) => Math.max(furthest, step), 0),
      stepSeconds: valuesOf(own, "seconds"),
    };
  });
}

type Progress = RunView["progress"];

/** How far the run is, and how long its steps still take. */
export function runProgress(
  { run }: Pick<RunRows, "run">,
  stages: readonly StageProgress[],
): Omit<Progress, "updatedAt"> {
  const current = stages.find(({ done, steps }) => done < steps) ?? stages.at(-1);
  return {
    stage: current?.name ?? null,
    step: current?.done ?? 0,
    steps: current?.steps ?? 0,
    doneSteps: sum(stages.map(({ done }) => done)),
    totalSteps: sum(stages.map(({ steps }) => steps)),
    secondsLeft: run.status === "running" ? secondsLeft(stages) : null,
  };
}

/** Each stage at the pace of its own latest steps, one that has none yet at that of all; null before the first. */
function secondsLeft(stages: readonly StageProgress[]): number | null {
  const all = stages.flatMap(({ stepSeconds }) => stepSeconds);
  if (all.length === 0) return null;
  return sum(
    stages.map(({ steps, done, stepSeconds }) => {
      const pace = stepSeconds.length === 0 ? all : stepSeconds.slice(-recentSteps);
      return ((steps - done) * sum(pace)) / pace.length;
    }),
  );
}

/** When something was last stored of a run. */
export async function lastChange(reads: StoreReads, rows: RunRows): Promise<string> {
  const { run, checkpoints } = rows;
  const rollout = await lastRollout(reads, rows);
  const times = [run.createdAt, run.finishedAt, checkpoints.at(-1)?.createdAt, rollout];
  return times.filter((time) => time !== null && time !== undefined).reduce((a, b) => (a > b ? a : b));
}

const purposes = ["train", "evaluation", "evaluation-sampled", "ask"];

/** When the last episode of the step that is under way, or was the last, ended; null without one. */
async function lastRollout(reads: StoreReads, { run, shape, totals }: RunRows): Promise<string | null> {
  const order = stageOrder(shape);
  const later = (a: RolloutTotals, b: RolloutTotals): number =>
    order(a.stage) - order(b.stage) || a.step - b.step || purposes.indexOf(a.purpose) - purposes.indexOf(b.purpose);
  const last = totals.toSorted(later).at(-1);
  if (last === undefined) return null;
  const { stage, step, purpose, trajectories } = last;
  const page = { offset: trajectories - 1, limit: 1 };
  const [entry] = await reads.store.summaries({ runId: run.id, stage, step, purpose }, page);
  if (entry === undefined) return null;
  return new Date(Date.parse(entry.startedAt) + entry.durationMs).toISOString();
}
