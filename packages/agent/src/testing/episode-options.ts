import type { EpisodeBudgets, EpisodeOptions } from "@litmus/core";

/** Roomy budgets for the byte tokenizer, with what a test changes. */
export function episodeOptions(
  budgets: Partial<EpisodeBudgets> = {},
  rest: Partial<EpisodeOptions> = {},
): EpisodeOptions {
  const roomy = { maxTurns: 2, maxActionTokens: 400, maxObservationTokens: 1_000, maxEpisodeTokens: 10_000, topK: 3 };
  return { seed: 7, temperature: 1, timeoutMs: 60_000, budgets: { ...roomy, ...budgets }, ...rest };
}
