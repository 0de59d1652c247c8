import type { ProblemView } from "@litmus/api";

type Group = ProblemView["groups"][number];

/** Members of a group with the same reward. */
export interface GroupPoint {
  readonly runStep: number;
  readonly reward: number;
  readonly members: number;
}

/** The rewards of groups as points; equal ones of one group become one, with their number. Members without a reward have none. */
export function groupPoints(groups: readonly Pick<Group, "runStep" | "rewards">[]): GroupPoint[] {
  return groups.flatMap(({ runStep, rewards }) => {
    const counts = new Map<number, number>();
    for (const reward of rewards) if (reward !== null) counts.set(reward, (counts.get(reward) ?? 0) + 1);
    return [...counts].map(([reward, members]) => ({ runStep, reward, members }));
  });
}
