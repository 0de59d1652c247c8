import { LitmusError } from "@litmus/core";
import { closeTurn } from "../close-turn.ts";
import type { EpisodeContext } from "../episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "../episode-state.ts";
import { reservedTokens, tokenRoom } from "../token-room.ts";

/** Shows what was found, fitted to what is left, and ends the turn; before the first action the turn goes on. */
export function observe(state: EpisodeState, episode: EpisodeContext): EpisodeUpdate {
  if (state.found === null) throw new LitmusError("bug", "there is no search to show");
  const { dialogue, options } = episode;
  const frame = dialogue.fewestReplyTokens - dialogue.fewestObservationTokens;
  const room = tokenRoom(state, episode).tokens - frame - reservedTokens(episode);
  const maxTokens = Math.min(options.budgets.maxObservationTokens, room);
  const { call: made, hits } = state.found;
  const shown = dialogue.observe(state, { query: made.query, hits }, maxTokens);
  const call = { ...made, hits: shown.hits };
  if (state.pending === null) return { ...shown.saying, found: { call, hits: [] } };
  return { ...shown.saying, ...closeTurn(state, call, episode) };
}
