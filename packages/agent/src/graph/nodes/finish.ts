import type { StopReason } from "@litmus/core";
import { closeTurn } from "../close-turn.ts";
import type { EpisodeContext } from "../episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "../episode-state.ts";
import { searchTurns } from "../routing.ts";
import { tokenRoom } from "../token-room.ts";

/** Ends the last turn and the episode. */
export function finish(state: EpisodeState, episode: EpisodeContext): EpisodeUpdate {
  const outcome = state.outcome ?? { type: "stopped", reason: reasonOf(state, episode) };
  return { ...closeTurn(state, state.found?.call ?? null, episode), outcome };
}

/** Why an action got no reply: it was the last one, or a reply would not fit. */
function reasonOf(state: EpisodeState, episode: EpisodeContext): StopReason {
  if (state.turn < searchTurns(episode)) return tokenRoom(state, episode).limit;
  if (state.pending?.action.type === "search") return "max_turns";
  return state.pending?.cut === true ? "max_tokens" : "parse_error";
}
