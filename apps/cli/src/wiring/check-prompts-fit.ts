import { getPrompt } from "@litmus/agent";
import { isChatPolicy, LitmusError, type Policy, type TokenPolicy } from "@litmus/core";
import type { ExperimentConfig } from "@litmus/experiment";

/**
 * An episode's budget does not count the prompt that all episodes share; the context, and a row of the trainer, hold both.
 * @throws LitmusError `invalid-config` before anything is sampled
 */
export function checkPromptsFit(config: ExperimentConfig, policy: Policy): void {
  // Its tokens are estimates, and the schema has set its episode against its context.
  if (isChatPolicy(policy)) return;
  const { agent, trainer, stages } = config;
  const { contextTokens } = config.policy;
  const neededBy = (prompt: string): number => sharedTokens(prompt, policy) + agent.budgets.maxEpisodeTokens;
  for (const prompt of [agent.basePrompt, agent.trainedPrompt]) {
    const needed = neededBy(prompt);
    if (needed > contextTokens)
      throw tooLong(`the prompt ${prompt}`, needed, { key: "policy.contextTokens", holds: contextTokens });
  }
  const needed = neededBy(agent.trainedPrompt);
  if (!("lengths" in trainer) || stages.length === 0) return;
  const longest = Math.max(...trainer.lengths);
  if (needed > longest)
    throw tooLong(`the prompt ${agent.trainedPrompt}`, needed, { key: "trainer.lengths", holds: longest });
}

/** With the token that begins the sequence. */
function sharedTokens(prompt: string, { tokenizer }: Pick<TokenPolicy, "tokenizer">): number {
  const parts = getPrompt(prompt).template.shared;
  return parts.reduce((sum, part) => sum + (typeof part === "string" ? tokenizer.encode(part).length : 1), 1);
}

function tooLong(what: string, needed: number, limit: { key: string; holds: number }): LitmusError {
  return new LitmusError(
    "invalid-config",
    `${what} and an episode take ${needed} tokens; ${limit.key} holds ${limit.holds}`,
    {
      path: limit.key,
      hint: `raise ${limit.key} to ${needed}, or lower agent.budgets.maxEpisodeTokens by ${needed - limit.holds}`,
    },
  );
}
