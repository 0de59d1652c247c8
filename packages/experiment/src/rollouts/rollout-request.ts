import {
  trajectoryId,
  type GroupKey,
  type PolicyVersion,
  type Problem,
  type RolloutJob,
  type RolloutKey,
  type TrajectoryId,
} from "@litmus/core";

/** One group to make. */
export interface RolloutRequest {
  readonly group: GroupKey;
  readonly problem: Problem;
  readonly prompt: RolloutJob["prompt"];
  readonly temperature: number;
  /** One a member, in their order. */
  readonly seeds: readonly number[];
}

export function jobOf(request: RolloutRequest, policyVersion: PolicyVersion): RolloutJob {
  const { group, problem, prompt, temperature, seeds } = request;
  return { schemaVersion: 1, group, problemId: problem.id, prompt, temperature, seeds, policyVersion };
}

/** The keys of a group's members, in their order. */
export function memberKeys({ group, seeds }: Pick<RolloutRequest, "group" | "seeds">): RolloutKey[] {
  return seeds.map((_, member) => ({ ...group, member }));
}

/** The ids of a group's members, in their order. */
export function memberIds(request: Pick<RolloutRequest, "group" | "seeds">): TrajectoryId[] {
  return memberKeys(request).map(trajectoryId);
}
