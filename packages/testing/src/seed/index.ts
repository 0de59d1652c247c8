export { createByteTokenizer } from "../byte-tokenizer.ts";
export { hostileNames, hostileTexts } from "./hostile-texts.ts";
export { hostileRun, hostileTrajectory, seedHostileStore } from "./seed-hostile-store.ts";
export { longRunId, seedLongRuns } from "./seed-long-runs.ts";
export { longTrajectory, seedLongTrajectory } from "./seed-long-trajectory.ts";
export { seedManyRuns } from "./seed-many-runs.ts";
export { seedSmallStore, smallProblem, smallRuns, smallTrajectories } from "./seed-small-store.ts";
export type { EvaluationInput, Seeding, SeedTools } from "./seed-tools.ts";
export { commitLiveStep, liveRun, seedLiveRun } from "./seed-live-run.ts";
