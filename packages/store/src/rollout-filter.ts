/** @file Which rollouts a filter means, and their order: the same for every read. */
import type { TrajectoryFilter } from "@litmus/core";
import { and, asc, eq } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import { rollouts } from "./schema.ts";

/** A key, as a record selects it. */
export const keyColumns = {
  runId: rollouts.runId,
  stage: rollouts.stage,
  step: rollouts.step,
  purpose: rollouts.purpose,
  group: rollouts.group,
  member: rollouts.member,
};

/** Within one run. */
export const keyOrder = [rollouts.stage, rollouts.step, rollouts.purpose, rollouts.group, rollouts.member].map(
  (column) => asc(column),
);

/** The rollouts of a filter. */
export function matches(filter: TrajectoryFilter): SQL | undefined {
  return and(
    eq(rollouts.runId, filter.runId),
    filter.stage === undefined ? undefined : eq(rollouts.stage, filter.stage),
    filter.step === undefined ? undefined : eq(rollouts.step, filter.step),
    filter.purpose === undefined ? undefined : eq(rollouts.purpose, filter.purpose),
    filter.problemId === undefined ? undefined : eq(rollouts.problemId, filter.problemId),
  );
}
