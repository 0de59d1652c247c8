import { smallProblem, smallRuns, smallTrajectories } from "@litmus/testing/seed";

/** Each page of the small store, by name. */
export const pageAddresses = {
  leaderboard: "/",
  runs: "/runs",
  run: `/runs/${smallRuns.finished}`,
  compare: `/compare?runs=${encodeURIComponent(JSON.stringify([smallRuns.finished, smallRuns.running]))}`,
  problem: `/runs/${smallRuns.finished}/problems/${smallProblem}`,
  trajectory: `/trajectories/${smallTrajectories.trained}`,
  ask: "/ask",
  system: "/system",
} as const;

const run = pageAddresses.run;
const trajectory = pageAddresses.trajectory;

/** Parts of pages that are only drawn when they are asked for. */
export const partAddresses = {
  "evaluations of a run": `${run}?tab=evaluations`,
  "questions of a run": `${run}?tab=questions`,
  "trajectories of a run": `${run}?tab=trajectories`,
  "failures of a run": `/runs/${smallRuns.failed}?tab=failures`,
  "config of a run": `${run}?tab=config`,
  "tokens of a trajectory": `${trajectory}?tab=tokens`,
  "group of a trajectory": `${trajectory}?tab=group`,
  "a trajectory beside another": `${trajectory}?tab=compare&beside=${smallTrajectories.evaluated}`,
} as const;
