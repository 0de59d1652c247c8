import { isChatPolicy, LitmusError, type Policy } from "@litmus/core";
import type { ExperimentConfig } from "@litmus/experiment";

/**
 * A chat model that was made by its user has a temperature of its own: samples of it at 1 would not be what they are called.
 * @throws LitmusError `invalid-config` before anything is asked
 */
export function checkSampling({ evaluation }: Pick<ExperimentConfig, "evaluation">, policy: Policy): void {
  if (evaluation.sampled === null || !isChatPolicy(policy) || policy.takesTemperature) return;
  throw new LitmusError("invalid-config", "samples are drawn at temperature 1, and this chat model has its own", {
    path: "evaluation.sampled",
    hint: "export a function that makes the model for { temperature, maxTokens }, or leave evaluation.sampled out (--samples 0)",
  });
}
