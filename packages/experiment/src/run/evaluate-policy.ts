import { deriveSeed, type Problem, type RolloutJob, type RolloutPurpose, type StoredTrajectory } from "@litmus/core";
import { summarizeEvaluation, type EvaluationResult, type StageEvaluation } from "@litmus/evaluation";
import { collectRollouts } from "../rollouts/collect-rollouts.ts";
import type { RolloutRequest } from "../rollouts/rollout-request.ts";
import type { RunContext } from "./run-context.ts";

interface EvaluationPoint {
  readonly stage: string;
  readonly step: number;
  readonly prompt: RolloutJob["prompt"];
  /** Part of the questions whose scores chose the current version; stored with its scores. */
  readonly chosenOn?: string | undefined;
}

/** Scores the current policy on the held-out questions, greedy and sampled; a stored result is returned as it is. */
export async function evaluatePolicy(context: RunContext, point: EvaluationPoint): Promise<StageEvaluation> {
  const { split } = context.config.evaluation;
  const { stage, step, chosenOn } = point;
  const stored = (await context.store.evaluations(context.runId)).find(
    (e) => e.stage === stage && e.step === step && e.split === split,
  );
  if (stored !== undefined) return { stage, step, split, result: stored.result as EvaluationResult };
  const problems = evaluationProblems(context);
  const greedy = await rollouts(context, point, { problems, purpose: "evaluation", samples: 1, temperature: 0 });
  const k = samplesOf(context);
  const sampled = await sampledRollouts(context, point, problems, k);
  const summary = summarizeEvaluation({ problems, greedy, sampled, k });
  const result: EvaluationResult = chosenOn === undefined ? summary : { ...summary, chosenOn };
  await context.store.saveEvaluation({ runId: context.runId, stage, step, split, result });
  context.emit({ type: "evaluation-end", stage, step, split, result });
  return { stage, step, split, result };
}

/** Samples a question, besides the greedy one. */
function samplesOf({ config, policy }: RunContext): number {
  const { sampled } = config.evaluation;
  return sampled === null || (policy.identity().version === 0 && !sampled.base) ? 0 : sampled.k;
}

/** The first questions of the split, as many as the config asks for. */
export function evaluationProblems(context: Pick<RunContext, "config" | "problems">): readonly Problem[] {
  const { split, questions } = context.config.evaluation;
  return context.problems[split].slice(0, questions);
}

async function sampledRollouts(
  context: RunContext,
  point: EvaluationPoint,
  problems: readonly Problem[],
  k: number,
): Promise<StoredTrajectory[] | null> {
  if (k === 0) return null;
  return rollouts(context, point, { problems, purpose: "evaluation-sampled", samples: k, temperature: 1 });
}

interface Sampling {
  readonly problems: readonly Problem[];
  readonly purpose: RolloutPurpose;
  readonly samples: number;
  readonly temperature: number;
}

/** Every stage draws with the same seeds, so that differences are the policy's. */
async function rollouts(context: RunContext, point: EvaluationPoint, sampling: Sampling): Promise<StoredTrajectory[]> {
  const { problems, purpose, samples, temperature } = sampling;
  const { stage, step, prompt } = point;
  const requests = problems.map((problem, group): RolloutRequest => ({
    group: { runId: context.runId, stage, step, purpose, group },
    problem,
    prompt,
    temperature,
    seeds: Array.from({ length: samples }, (_, member) =>
      deriveSeed(context.config.seed, "evaluation", purpose, group, member),
    ),
  }));
  return (await collectRollouts(context, requests)).flat();
}
