import { isReinforcement, type ExperimentConfig } from "../config/schema.ts";

/** What whoever reads a run's scores must know of its data, model and settings, one sentence each. */
export function runLimits({ model, corpus, policy, stages }: ExperimentConfig): string[] {
  const limits = [
    `The policy is ${model.name} (${model.licence}); the corpus is ${corpus.name}. Scores on it say nothing about other corpora.`,
  ];
  if (policy.engine === "chat")
    limits.push(
      "The policy is a chat model that is known by its name alone: another model may answer under it later. Its tokens are those that it reports, or an estimate.",
    );
  if (stages.some((stage) => isReinforcement(stage) && stage.updatesPerStep === 1))
    limits.push("With one update a step the ratio is 1 when the loss is taken, so clipping is inert.");
  return limits;
}
