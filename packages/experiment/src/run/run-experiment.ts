import { gain, type Gain } from "@litmus/evaluation";
import { runGrpoStage } from "../stages/grpo-stage.ts";
import { runSftStage } from "../stages/sft-stage.ts";
import { interrupted } from "./collect-rollouts.ts";
import { evaluatePolicy, evaluationProblems } from "./evaluate-policy.ts";
import { createLearner, type Learner } from "./learner.ts";
import { nameStages, type NamedStage } from "./name-stages.ts";
import type { RunContext } from "./run-context.ts";
import type { RunResult, StageEvaluation } from "./run-event.ts";
import { storedSteps } from "./stored-steps.ts";

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
  await saveProblems(context);
  const learner = await createLearner(context);
  const evaluations: StageEvaluation[] = [await evaluateBase(context, learner)];
  for (const stage of nameStages(context.config.stages)) {
    evaluations.push(...(await runStage(context, learner, stage)));
    const point = { stage: stage.name, step: stage.config.steps, agent: context.agents.trained };
    evaluations.push(await evaluatePolicy(context, point));
  }
  return { evaluations, gains: gainsBetween(evaluations), steps: await storedSteps(context) };
}

async function saveProblems(context: RunContext): Promise<void> {
  const { split } = context.config.evaluation;
  await context.store.saveProblems(context.runId, "train", context.problems.train);
  await context.store.saveProblems(context.runId, split, evaluationProblems(context));
}

/** The base policy can only be scored before any version is published: afterwards its stored scores are read. */
async function evaluateBase(context: RunContext, learner: Learner): Promise<StageEvaluation> {
  if (learner.version() === 0) return evaluatePolicy(context, { stage: "base", step: 0, agent: context.agents.base });
  await context.policy.useAdapter(null);
  const evaluation = await evaluatePolicy(context, { stage: "base", step: 0, agent: context.agents.base });
  await learner.activate();
  return evaluation;
}

/** @returns the evaluations made inside the stage, every so many steps */
async function runStage(context: RunContext, learner: Learner, stage: NamedStage): Promise<StageEvaluation[]> {
  const inside: StageEvaluation[] = [];
  const { every } = context.config.evaluation;
  const { name, config } = stage;
  switch (config.type) {
    case "sft":
      await runSftStage(context, learner, { name, config });
      return inside;
    case "grpo":
      await runGrpoStage(context, learner, { name, config }, async (step) => {
        if (every === null || step % every !== 0 || step === config.steps) return;
        inside.push(await evaluatePolicy(context, { stage: name, step, agent: context.agents.trained }));
      });
      return inside;
    default:
      return config satisfies never;
  }
}

/** Each evaluated stage against the one before it, greedy and sampled, paired over the questions. */
function gainsBetween(evaluations: readonly StageEvaluation[]): Gain[] {
  const last = [...new Map(evaluations.map((evaluation) => [evaluation.stage, evaluation])).values()];
  return last.slice(1).flatMap((to, index) => {
    const from = last[index] as StageEvaluation;
    return (["greedy", "sampled"] as const)
      .filter((measure) => measure === "greedy" || (from.result.sampled !== null && to.result.sampled !== null))
      .map((measure) => gain({ from, to, measure }));
  });
}
