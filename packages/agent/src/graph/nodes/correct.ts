import { closeTurn } from "../close-turn.ts";
import type { EpisodeContext } from "../episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "../episode-state.ts";

/** Tells the policy that its action said nothing, and ends the turn, which counts. */
export function correct(state: EpisodeState, episode: EpisodeContext): EpisodeUpdate {
  return { ...episode.dialogue.correct(state), ...closeTurn(state, null, episode) };
}
