import type { EvaluationRef, PairedQuestion } from "@litmus/api";
import type { EvaluationRecord, ProblemId, RunRecord, StoredProblem, TrajectorySummary } from "@litmus/core";
import type { EvaluationResult, Measure, StageEvaluation } from "@litmus/evaluation";
import { evaluatedVersion } from "../run/run-evaluations.ts";
import { stageOrder, runShape } from "../run-shape.ts";
import type { StoreReads } from "../store-reads.ts";

/** One evaluation that can be paired with another. */
export interface EvaluationChoice extends EvaluationRef {
  /** `run:stage:step` */
  readonly id: string;
  readonly label: string;
  readonly run: RunRecord;
  readonly evaluation: StageEvaluation;
}

/**
 * The evaluations of a run, in its order.
 * @param name what the run is called beside those that it is compared with
 */
export async function evaluationChoices(reads: StoreReads, run: RunRecord, name: string): Promise<EvaluationChoice[]> {
  const [evaluations, checkpoints] = await Promise.all([
    reads.remember(run.id, "evaluations", () => reads.store.evaluations(run.id)),
    reads.remember(run.id, "checkpoints", () => reads.store.checkpoints(run.id)),
  ]);
  const order = stageOrder(runShape(run));
  return evaluations
    .toSorted((a, b) => order(a.stage) - order(b.stage) || a.step - b.step)
    .map((record) => ({ ...choiceOf(run, name, record), version: evaluatedVersion(record, checkpoints) }));
}

function choiceOf(
  run: RunRecord,
  name: string,
  { stage, step, split, result }: EvaluationRecord,
): Omit<EvaluationChoice, "version"> {
  return {
    runId: run.id,
    stage,
    step,
    split,
    id: `${run.id}:${stage}:${step}`,
    label: `${stage}${stage === "base" ? "" : ` step ${step}`} of ${name} (${split})`,
    run,
    evaluation: { stage, step, split, result: result as EvaluationResult },
  };
}

/** What an evaluation says of each of its questions. */
export interface EvaluationSide {
  readonly scores: ReadonlyMap<ProblemId, number | null>;
  readonly problems: ReadonlyMap<ProblemId, StoredProblem>;
  /** The greedy episode, or the first of the samples. */
  readonly episodes: ReadonlyMap<ProblemId, TrajectorySummary>;
}

export async function evaluationSide(
  reads: StoreReads,
  choice: EvaluationChoice,
  measure: Measure,
): Promise<EvaluationSide> {
  const { run, stage, step, split } = choice;
  const purpose = measure === "greedy" ? "evaluation" : "evaluation-sampled";
  const [problems, summaries] = await Promise.all([
    reads.remember(run.id, `problems ${split}`, () => reads.store.problems(run.id, split)),
    reads.remember(run.id, `episodes ${stage} ${step} ${purpose}`, () =>
      reads.store.summaries({ runId: run.id, stage, step, purpose }),
    ),
  ]);
  const first = summaries.filter(({ key }) => key.member === 0);
  return {
    scores: new Map(choice.evaluation.result.perQuestion.map((score) => [score.problemId, score[measure]])),
    problems: new Map(problems.map((problem) => [problem.id, problem])),
    episodes: new Map(first.flatMap((one) => (one.problemId === null ? [] : [[one.problemId, one]]))),
  };
}

/** What a side says of one question. */
export function answerOf({ scores, episodes }: EvaluationSide, id: ProblemId): PairedQuestion["from"] {
  const episode = episodes.get(id);
  return { score: scores.get(id) ?? null, answer: episode?.answer ?? null, trajectoryId: episode?.id ?? null };
}
