import type { EpisodeContext } from "./episode-context.ts";
import type { EpisodeState } from "./episode-state.ts";
import { replyFits } from "./token-room.ts";

/** Turns that may search; where the prompt retrieves first there is no other search. */
export function searchTurns(episode: EpisodeContext): number {
  return episode.dialogue.retrievesFirst ? 0 : episode.options.budgets.maxTurns;
}

/** Supersteps of the longest episode: open, three for each turn, the first retrieval, answer and finish. */
export const recursionLimitOf = (maxTurns: number): number => 3 * (maxTurns + 1) + 6;

export const afterOpen = (state: EpisodeState, episode: EpisodeContext): "finish" | "search" | "reason" =>
  state.outcome !== null ? "finish" : episode.dialogue.retrievesFirst ? "search" : "reason";

/** An answer is always taken; a search or a correction needs a turn after it, and room for the reply. */
export function afterReason(state: EpisodeState, episode: EpisodeContext): "finish" | "answer" | "search" | "correct" {
  const action = state.pending?.action;
  if (state.outcome !== null || action === undefined) return "finish";
  if (action.type === "answer") return "answer";
  if (state.turn >= searchTurns(episode) || !replyFits(state, episode)) return "finish";
  return action.type === "search" ? "search" : "correct";
}

export const afterSearch = (state: EpisodeState): "finish" | "observe" =>
  state.outcome !== null ? "finish" : "observe";
