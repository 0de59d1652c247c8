import type { EvaluationRecord } from "@litmus/core";
import { gain, type EvaluationResult, type Gain, type StageEvaluation } from "@litmus/evaluation";
import { nameStages } from "./name-stages.ts";
import type { RunResult } from "./run-event.ts";
import { storedSteps, type StoredRun } from "./stored-steps.ts";

/** What a run came to, read from its records alone: the same for a run that ended now or long ago. */
export async function storedResult(run: StoredRun): Promise<RunResult> {
  const order = ["base", ...nameStages(run.config.stages).map((stage) => stage.name)];
  const evaluations = (await run.store.evaluations(run.runId))
    .filter((record) => order.includes(record.stage) && record.split === run.config.evaluation.split)
    .map(toStageEvaluation)
    .sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage) || a.step - b.step);
  return { evaluations, gains: gainsBetween(evaluations), steps: await storedSteps(run) };
}

function toStageEvaluation({ stage, step, split, result }: EvaluationRecord): StageEvaluation {
  return { stage, step, split, result: result as EvaluationResult };
}

/** The last evaluation of each stage against that of the stage before, greedy and sampled, paired over the questions. */
function gainsBetween(evaluations: readonly StageEvaluation[]): Gain[] {
  const last = [...new Map(evaluations.map((evaluation) => [evaluation.stage, evaluation])).values()];
  return last.slice(1).flatMap((to, index) => {
    const from = last[index] as StageEvaluation;
    const measures =
      from.result.sampled === null || to.result.sampled === null
        ? (["greedy"] as const)
        : (["greedy", "sampled"] as const);
    return measures.map((measure) => gain({ from, to, measure }));
  });
}
