import type { RecordId } from "@litmus/core";
import { LitmusError } from "@litmus/core";
import type { EpisodeContext } from "../episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "../episode-state.ts";

/** Takes the answer, and of its citations those that were retrieved and shown in this episode. */
export function answer(state: EpisodeState, _episode: EpisodeContext): EpisodeUpdate {
  const action = state.pending?.action;
  if (action?.type !== "answer") throw new LitmusError("bug", "an answer was routed from an action that is none");
  const shown = shownIds(state);
  const cited = action.cited.filter((id): id is RecordId => shown.has(id));
  return { answerText: action.answer, cited, outcome: { type: "stopped", reason: "completed" } };
}

function shownIds(state: EpisodeState): Set<string> {
  const calls = [...state.turns.map((turn) => turn.search), state.found?.call ?? null];
  return new Set(calls.flatMap((call) => call?.hits ?? []).map((hit) => hit.recordId));
}
