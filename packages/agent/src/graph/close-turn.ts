import type { SearchCall, Turn } from "@litmus/core";
import type { EpisodeContext } from "./episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "./episode-state.ts";

/** The update that records the current turn and goes on to the next; nothing where there is no action. */
export function closeTurn(state: EpisodeState, search: SearchCall | null, episode: EpisodeContext): EpisodeUpdate {
  if (state.pending === null) return {};
  const turn: Turn = {
    index: state.turn,
    actionText: state.pending.text,
    action: state.pending.action,
    sampledTokens: state.pending.sampledTokens,
    search,
  };
  episode.emit({ type: "turn-end", turn });
  return { turns: [turn], turn: state.turn + 1, pending: null, found: null };
}
