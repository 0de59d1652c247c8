import type { StopReason } from "@litmus/core";
import type { EpisodeContext } from "./episode-context.ts";
import type { EpisodeState } from "./episode-state.ts";

/** Tokens kept free for an answer whenever an observation is shown: a citation and a short name. */
const answerReserve = 48;

/** Tokens that the episode may still grow by, and the limit that says so. */
export interface TokenRoom {
  readonly tokens: number;
  readonly limit: Extract<StopReason, "max_sampled_tokens" | "context_overflow">;
}

/** What the episode's budget, counted after the shared prefix, and the policy's context leave; never negative. */
export function tokenRoom(state: Pick<EpisodeState, "tokens">, episode: EpisodeContext): TokenRoom {
  const used = state.tokens.length;
  const budget = episode.options.budgets.maxEpisodeTokens + episode.renderer.sharedPrefix.length - used;
  const context = episode.policy.contextTokens - used;
  const limit = context < budget ? "context_overflow" : "max_sampled_tokens";
  return { tokens: Math.max(0, Math.min(budget, context)), limit };
}

/** Tokens that must stay free after a reply. */
export const reservedTokens = (episode: EpisodeContext): number =>
  Math.min(episode.options.budgets.maxActionTokens, answerReserve);

/** Whether the smallest reply and an answer after it still fit. */
export function replyFits(state: Pick<EpisodeState, "tokens">, episode: EpisodeContext): boolean {
  return tokenRoom(state, episode).tokens >= episode.renderer.fewestReplyTokens + reservedTokens(episode);
}
