import { requireTokenPolicy, useVersion } from "@litmus/core";
import { isReinforcement, stepsOf } from "../config/schema.ts";
import { runImportStage } from "../stages/import-stage.ts";
import { runReinforcementStage } from "../stages/reinforcement-stage.ts";
import { runSftStage } from "../stages/sft-stage.ts";
import { interrupted } from "../rollouts/collect-rollouts.ts";
import { evaluatePolicy, evaluationProblems } from "./evaluate-policy.ts";
import { createLearner, type Learner } from "./learner.ts";
import { nameStages, type NamedStage } from "./name-stages.ts";
import type { RunContext } from "./run-context.ts";
import type { RunResult } from "./run-event.ts";
import { storedResult } from "./stored-result.ts";

/**
 * Runs an experiment from wherever its records say it stands: base evaluation, then each stage and its evaluation.
 * Killed at any moment, the same call goes on; what is stored is never made again.
 * @throws LitmusError `interrupted` when the signal is aborted, `gate-failed` when a limit is exceeded
 */
export async function runExperiment(context: RunContext): Promise<RunResult> {
  try {
    return await runStages(context);
  } catch (cause) {
    if (context.signal.aborted) throw interrupted();
    throw cause;
  }
}

async function runStages(context: RunContext): Promise<RunResult> {
  if (context.config.stages.length > 0) requireTokenPolicy(context.policy);
  await saveProblems(context);
  const learner = await createLearner(context);
  if (context.config.evaluation.base) await evaluateBase(context, learner);
  for (const stage of nameStages(context.config.stages)) {
    await runStage(context, learner, stage);
    await evaluatePolicy(context, { stage: stage.name, step: stepsOf(stage.config), prompt: "trained" });
  }
  return storedResult(context);
}

async function saveProblems(context: RunContext): Promise<void> {
  const { split } = context.config.evaluation;
  await context.store.saveProblems(context.runId, "train", context.problems.train);
  await context.store.saveProblems(context.runId, split, evaluationProblems(context));
}

/** Before any version is published, as a rule; a run whose config gained no base score in time gets it later. */
async function evaluateBase(context: RunContext, learner: Learner): Promise<void> {
  const point = { stage: "base", step: 0, prompt: "base" } as const;
  if (learner.version() === 0) return void (await evaluatePolicy(context, point));
  const evaluations = await context.store.evaluations(context.runId);
  if (evaluations.some((evaluation) => evaluation.stage === "base")) return;
  await useVersion(context.policy, null);
  await evaluatePolicy(context, point);
  await learner.activate();
}

async function runStage(context: RunContext, learner: Learner, stage: NamedStage): Promise<void> {
  const { every } = context.config.evaluation;
  const { name, config } = stage;
  if (config.type === "import") return runImportStage(context, learner, { name, config });
  if (!isReinforcement(config)) return runSftStage(context, learner, { name, config });
  return runReinforcementStage(context, learner, { name, config }, async (step) => {
    if (every === null || step % every !== 0 || step === config.steps) return;
    await evaluatePolicy(context, { stage: name, step, prompt: "trained" });
  });
}
