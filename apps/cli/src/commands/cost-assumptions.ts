import { isReinforcement, type ExperimentConfig } from "@litmus/experiment";

/** Of a part whose files would have to be read to be counted. */
export const assumedQuestions = 500;

/** What an estimate takes for granted, or leaves out: where it is otherwise, a run does more than the estimate says. */
export function costAssumptions(config: ExperimentConfig): string[] {
  const { problems, evaluation, policy, stages } = config;
  const isCounted = problems.type === "paper-search-qa" || evaluation.questions !== undefined;
  return [
    "tokens are those after the part of the prompt that all episodes share",
    ...(isCounted ? [] : [`${assumedQuestions} questions to evaluate, since evaluation.questions names no number`]),
    ...(policy.engine === "chat"
      ? [
          "a chat model's tokens are estimated from characters, and without thought; it reads an episode anew at every turn",
        ]
      : []),
    ...stages
      .filter(isReinforcement)
      .flatMap(({ type, curriculum, dynamicSampling }) => [
        ...(curriculum === null
          ? []
          : [`without ${curriculum.probe} samples of each training problem before ${type} begins`]),
        ...(dynamicSampling === null
          ? []
          : [`without further groups of ${type}, up to ${dynamicSampling.maxBatches} times as many in all`]),
      ]),
  ];
}
