import type { RunEvaluation, RunView } from "@litmus/api";
import type { CheckpointRecord, EvaluationRecord } from "@litmus/core";
import { verdictOf, type EvaluationResult } from "@litmus/evaluation";
import { gainPairs, stageEvaluations } from "@litmus/experiment";
import { pairedGain } from "../paired-gain.ts";
import { stageOrder } from "../run-shape.ts";
import { estimateOf, goldRecallOf, sampledOf } from "../score-estimates.ts";
import type { RunRows } from "./run-rows.ts";

/** All evaluations of a run: the base, its stages, then those that were asked for later. */
export function runEvaluations({ shape, checkpoints, evaluations }: RunRows): RunEvaluation[] {
  const order = stageOrder(shape);
  return evaluations
    .toSorted((a, b) => order(a.stage) - order(b.stage) || a.step - b.step)
    .map((record) => runEvaluation(record, checkpoints));
}

export function runEvaluation(record: EvaluationRecord, checkpoints: readonly CheckpointRecord[]): RunEvaluation {
  const { runId, stage, step, split } = record;
  const result = record.result as EvaluationResult;
  return {
    runId,
    stage,
    step,
    split,
    version: evaluatedVersion(record, checkpoints),
    exactMatch: estimateOf(result),
    sampled: sampledOf(result.sampled),
    goldRecall: goldRecallOf(result),
    searchesPerQuestion: result.searchesPerEpisode,
    sampledTokens: result.sampledTokens,
    failed: result.failed,
    byCategory: Object.fromEntries(
      Object.entries(result.byCategory).map(([category, score]) => [category, estimateOf(score)]),
    ),
  };
}

/** Version of the policy that an evaluation scored; null where no checkpoint says. */
export function evaluatedVersion(
  { stage, step }: Pick<EvaluationRecord, "stage" | "step">,
  checkpoints: readonly CheckpointRecord[],
): number | null {
  if (stage === "base") return 0;
  // `litmus eval` scores a version, under its number as the step.
  if (stage.startsWith("eval-")) return step;
  return checkpoints.findLast((each) => each.stage === stage && each.step === step)?.state.version ?? null;
}

/** What each stage brought against the one before it. */
export function runGains({ shape, evaluations }: RunRows): RunView["gains"] {
  if (shape.config === null) return [];
  return gainPairs(stageEvaluations(shape.config, evaluations))
    .filter(
      ({ from, to }) =>
        from.result.scorer === null || to.result.scorer === null || from.result.scorer === to.result.scorer,
    )
    .map((pair) => {
      const found = pairedGain(pair);
      return { ...found, sentence: verdictOf(found).sentence };
    });
}
