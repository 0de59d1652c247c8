import type { SearchCall } from "@litmus/core";
import { LitmusError } from "@litmus/core";
import { cleanQuestion } from "../../text/clean-question.ts";
import type { EpisodeContext } from "../episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "../episode-state.ts";
import { usageOf } from "../episode-state.ts";

/** Searches for the action's query; before the first action, for the question itself. */
export async function search(state: EpisodeState, episode: EpisodeContext): Promise<EpisodeUpdate> {
  if (state.pending === null) episode.emit({ type: "turn-start", turn: state.turn });
  const query = queryOf(state, episode);
  episode.emit({ type: "search-start", turn: state.turn, query });
  const startMs = episode.clock.monotonicMs();
  const outcome = await episode.deadline.within(() =>
    episode.retriever.search([query], { topK: episode.options.budgets.topK, signal: episode.deadline.signal }),
  );
  const call: SearchCall = { query, hits: [], durationMs: episode.clock.monotonicMs() - startMs, failure: null };
  const usage = usageOf({ searches: 1 });
  if (!outcome.ok) {
    const { failure } = outcome;
    return { usage, found: { call: { ...call, failure }, hits: [] }, outcome: { type: "failed", failure } };
  }
  if (outcome.value.length !== 1)
    throw new LitmusError("bug", `the retriever answered one query with ${outcome.value.length} lists`);
  const hits = (outcome.value[0] ?? []).slice(0, episode.options.budgets.topK);
  episode.emit({ type: "search-end", turn: state.turn, hits: hits.length });
  return { usage, found: { call, hits } };
}

function queryOf(state: EpisodeState, episode: EpisodeContext): string {
  const action = state.pending?.action;
  if (action === undefined) return cleanQuestion(episode.question);
  if (action.type === "search") return action.query;
  throw new LitmusError("bug", `a search was routed from an action of type ${action.type}`);
}
