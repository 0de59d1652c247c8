import type { Saying, TokenRoom } from "../dialogue/dialogue.ts";
import type { EpisodeContext } from "./episode-context.ts";

/** What the episode's budget, counted after the shared prefix, and the policy's context leave; never negative. */
export function tokenRoom(said: Saying, episode: EpisodeContext): TokenRoom {
  const { dialogue, options } = episode;
  const used = dialogue.tokensOf(said);
  const budget = options.budgets.maxEpisodeTokens + dialogue.sharedTokens - used;
  const context = dialogue.contextTokens - used;
  const limit = context < budget ? "context_overflow" : "max_sampled_tokens";
  return { tokens: Math.max(0, Math.min(budget, context)), limit };
}

/** Tokens that must stay free after a reply. */
export const reservedTokens = (episode: EpisodeContext): number =>
  Math.min(episode.options.budgets.maxActionTokens, episode.dialogue.mostAnswerTokens);

/** Whether the smallest reply and an answer after it still fit. */
export function replyFits(said: Saying, episode: EpisodeContext): boolean {
  return tokenRoom(said, episode).tokens >= episode.dialogue.fewestReplyTokens + reservedTokens(episode);
}
