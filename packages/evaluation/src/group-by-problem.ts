import { LitmusError, type Problem, type StoredTrajectory } from "@litmus/core";

/**
 * Trajectories of each problem, in the order of the problems.
 * @throws LitmusError `invalid-input` when a problem recurs, has another number of trajectories, or one belongs to none:
 * what goes in is what is counted
 */
export function groupByProblem(
  problems: readonly Problem[],
  entries: readonly StoredTrajectory[],
  each: number,
): StoredTrajectory[][] {
  const groups = new Map<string, StoredTrajectory[]>(problems.map((problem) => [problem.id, []]));
  if (groups.size !== problems.length)
    throw new LitmusError("invalid-input", "a problem occurs twice in the evaluation set");
  for (const entry of entries) {
    const group = entry.problemId === null ? undefined : groups.get(entry.problemId);
    if (group === undefined)
      throw new LitmusError("invalid-input", `trajectory ${entry.id} belongs to no problem of the evaluation set`);
    group.push(entry);
  }
  for (const [id, group] of groups) {
    if (group.length !== each) {
      throw new LitmusError(
        "invalid-input",
        `problem ${id} has ${group.length} trajectories where ${each} were expected`,
        {
          hint: "an interrupted evaluation is collected to its end before it is summarised",
        },
      );
    }
  }
  return [...groups.values()];
}
