import { promptReference } from "@litmus/agent";
import type { Retriever } from "@litmus/core";
import type { ExperimentConfig } from "@litmus/experiment";
import { scorerVersion } from "@litmus/reward";
import type { Engines } from "./open-engines.ts";

/** The prompts of a run, by hash: a run is refused when one changed. */
export function promptManifest(config: ExperimentConfig): Record<string, string> {
  const { basePrompt, trainedPrompt } = config.agent;
  return { "prompt.base": promptReference(basePrompt).sha256, "prompt.trained": promptReference(trainedPrompt).sha256 };
}

/** Hashes of all that groups are made with: what a worker must have in common with the run. */
export function groupManifest(
  config: ExperimentConfig,
  { engines, retriever }: { readonly engines: Pick<Engines, "manifest">; readonly retriever: Pick<Retriever, "info"> },
): Record<string, string> {
  return { ...engines.manifest, index: retriever.info.id, ...promptManifest(config), scorer: scorerVersion };
}
