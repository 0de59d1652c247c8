import { Annotation } from "@langchain/langgraph";
import type { Clock, EpisodeEvent, EpisodeOptions, Retriever } from "@litmus/core";
import { LitmusError } from "@litmus/core";
import type { Dialogue } from "../dialogue/dialogue.ts";
import type { Deadline } from "./deadline.ts";

/** The ports and settings of one episode: passed with each call of the graph, never closed over. */
export interface EpisodeContext {
  readonly question: string;
  readonly dialogue: Dialogue;
  readonly retriever: Retriever;
  readonly options: EpisodeOptions;
  readonly deadline: Deadline;
  readonly clock: Clock;
  readonly emit: (event: EpisodeEvent) => void;
}

export const EpisodeContextSchema = Annotation.Root({ episode: Annotation<EpisodeContext> });

/** @throws LitmusError `bug` when the graph was called without its context */
export function episodeOf(runtime: { readonly context?: { readonly episode?: EpisodeContext } }): EpisodeContext {
  const episode = runtime.context?.episode;
  if (episode === undefined)
    throw new LitmusError("bug", "the episode graph was called without an episode in its context");
  return episode;
}
