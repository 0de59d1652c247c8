import type { EvaluationRecord } from "@litmus/core";
import { gain, type EvaluationResult, type GainInput, type StageEvaluation } from "@litmus/evaluation";
import type { ExperimentConfig } from "../config/schema.ts";
import { nameStages } from "./name-stages.ts";
import type { RunResult } from "./run-event.ts";
import { storedSteps, type StoredRun } from "./stored-steps.ts";

/** What a run came to, read from its records alone: the same for a run that ended now or long ago. */
export async function storedResult(run: StoredRun): Promise<RunResult> {
  const evaluations = stageEvaluations(run.config, await run.store.evaluations(run.runId));
  return { evaluations, gains: gainPairs(evaluations).map(gain), steps: await storedSteps(run) };
}

/** The evaluations that a run made of its stages on its own questions, in the order of the stages. */
export function stageEvaluations(
  config: Pick<ExperimentConfig, "stages" | "evaluation">,
  records: readonly EvaluationRecord[],
): StageEvaluation[] {
  const order = ["base", ...nameStages(config.stages).map((stage) => stage.name)];
  return records
    .filter((record) => order.includes(record.stage) && record.split === config.evaluation.split)
    .map(toStageEvaluation)
    .sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage) || a.step - b.step);
}

function toStageEvaluation({ stage, step, split, result }: EvaluationRecord): StageEvaluation {
  return { stage, step, split, result: result as EvaluationResult };
}

/** The last evaluation of each stage against that of the stage before, greedy and, where both have it, sampled. */
export function gainPairs(evaluations: readonly StageEvaluation[]): GainInput[] {
  const last = [...new Map(evaluations.map((evaluation) => [evaluation.stage, evaluation])).values()];
  return last.slice(1).flatMap((to, index) => {
    const from = last[index] as StageEvaluation;
    const measures =
      from.result.sampled === null || to.result.sampled === null
        ? (["greedy"] as const)
        : (["greedy", "sampled"] as const);
    return measures.map((measure) => ({ from, to, measure }));
  });
}
