export { loadConfig, parseConfig, type LoadedConfig } from "./config/load-config.ts";
export { experimentSchema, type ExperimentConfig } from "./config/schema.ts";
export { evaluatePolicy, evaluationProblems } from "./run/evaluate-policy.ts";
export { isReinforcement, stepsOf } from "./config/schema.ts";
export { nameStages } from "./run/name-stages.ts";
export type { ProblemSplits, RunContext } from "./run/run-context.ts";
export type { RunEvent, RunResult, StepSummary } from "./run/run-event.ts";
export { runExperiment } from "./run/run-experiment.ts";
export { storedResult } from "./run/stored-result.ts";
