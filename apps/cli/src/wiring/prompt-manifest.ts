import { getPrompt } from "@litmus/agent";
import type { ExperimentConfig } from "@litmus/experiment";

/** The prompts of a run, by hash: a run is refused when one changed. */
export function promptManifest(config: ExperimentConfig): Record<string, string> {
  const { basePrompt, trainedPrompt } = config.agent;
  return { "prompt.base": getPrompt(basePrompt).sha256, "prompt.trained": getPrompt(trainedPrompt).sha256 };
}
