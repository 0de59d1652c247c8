import type { RolloutKey, RolloutPurpose, RunRecord } from "@litmus/core";
import { runShape, runStepOf, stageOrder } from "../run-shape.ts";

const purposes: readonly RolloutPurpose[] = ["train", "evaluation", "evaluation-sampled", "ask"];

export type GroupPlace = Omit<RolloutKey, "runId" | "member">;

/** Orders what was sampled as the run went: by its steps, then by purpose. */
export function runOrder(run: RunRecord): (a: GroupPlace, b: GroupPlace) => number {
  const stage = stageOrder(runShape(run));
  return (a, b) =>
    stage(a.stage) - stage(b.stage) ||
    a.step - b.step ||
    purposes.indexOf(a.purpose) - purposes.indexOf(b.purpose) ||
    a.group - b.group;
}

/** Step of the run at which something was sampled, from 0 for the base; what was asked for later stands at the end. */
export function sampledAt(run: RunRecord): (place: Pick<GroupPlace, "stage" | "step">) => number {
  const shape = runShape(run);
  const end = shape.stages.reduce((steps, stage) => steps + stage.steps, 0);
  return ({ stage, step }) => runStepOf(shape, stage, step) ?? end;
}

/** Names a group of a run. */
export const groupName = ({ stage, step, purpose, group }: GroupPlace): string =>
  `${stage} ${step} ${purpose} ${group}`;

export const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
