import { LitmusError } from "@litmus/core";
import { appendSegments } from "../append-segments.ts";
import { closeTurn } from "../close-turn.ts";
import type { EpisodeContext } from "../episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "../episode-state.ts";
import { reservedTokens, tokenRoom } from "../token-room.ts";

/** Shows what was found, fitted to what is left, and ends the turn; before the first action the turn goes on. */
export function observe(state: EpisodeState, episode: EpisodeContext): EpisodeUpdate {
  if (state.found === null) throw new LitmusError("bug", "there is no search to show");
  const { renderer, options } = episode;
  const frame = renderer.fewestReplyTokens - renderer.fewestObservationTokens;
  const room = tokenRoom(state, episode).tokens - frame - reservedTokens(episode);
  const maxTokens = Math.min(options.budgets.maxObservationTokens, room);
  const { hits } = state.found;
  const rendered = renderer.observation({ query: state.found.call.query, hits }, maxTokens, state.tokens.at(-1) ?? -1);
  const call = { ...state.found.call, hits: rendered.shown };
  const added = appendSegments(state, rendered.segments, state.turn);
  if (state.pending === null) return { ...added, found: { call, hits: [] } };
  return { ...added, ...closeTurn(state, call, episode) };
}
