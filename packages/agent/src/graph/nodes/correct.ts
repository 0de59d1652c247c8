import { appendSegments } from "../append-segments.ts";
import { closeTurn } from "../close-turn.ts";
import type { EpisodeContext } from "../episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "../episode-state.ts";

/** Tells the policy that its action said nothing, and ends the turn, which counts. */
export function correct(state: EpisodeState, episode: EpisodeContext): EpisodeUpdate {
  const rendered = episode.renderer.correction(state.tokens.at(-1) ?? -1);
  return { ...appendSegments(state, rendered.segments, state.turn), ...closeTurn(state, null, episode) };
}
