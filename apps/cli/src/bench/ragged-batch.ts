import { createEpisodeAgent } from "@litmus/agent";
import { deriveSeed, requireTokenPolicy } from "@litmus/core";
import type { ExperimentConfig } from "@litmus/experiment";
import type { Parts } from "../wiring/open-parts.ts";

/** What a batch of episodes of uneven length came to. */
export interface RaggedBatch {
  readonly episodes: number;
  readonly seconds: number;
  /** Evaluated once each, and sampled. */
  readonly tokensPerSecond: number;
  /** Slots at work over slots offered, in [0, 1]. */
  readonly slotUse: number;
  readonly failures: number;
}

const episodes = 64;

/** Episodes with search, sampled at temperature 1 by the base policy, as many at once as there are slots. */
export async function runRaggedBatch(config: ExperimentConfig, parts: Parts): Promise<RaggedBatch> {
  const agent = createEpisodeAgent({ prompt: config.agent.basePrompt });
  const { budgets, timeoutMs } = config.agent;
  const { retriever, problems } = parts;
  const policy = requireTokenPolicy(parts.policy);
  const waiting = Array.from({ length: episodes }, (_, index) => index).values();
  let failures = 0;
  const start = performance.now();
  const worker = async (): Promise<void> => {
    for (const index of waiting) {
      const problem = problems.train[index % problems.train.length];
      if (problem === undefined) continue;
      const seed = deriveSeed(config.seed, "bench", index);
      const signal = new AbortController().signal;
      const options = { seed, temperature: 1, budgets, timeoutMs, signal };
      const { outcome } = await agent.run(problem.question, policy, retriever, options);
      if (outcome.type === "failed") failures += 1;
    }
  };
  await Promise.all(Array.from({ length: config.policy.slots }, worker));
  const seconds = (performance.now() - start) / 1000;
  const { slotUse, sampledTokens, prefilledTokens } = policy.metrics();
  return { episodes, seconds, tokensPerSecond: (sampledTokens + prefilledTokens) / seconds, slotUse, failures };
}
