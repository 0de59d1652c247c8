import { END, START, StateGraph } from "@langchain/langgraph";
import type { EpisodeContext } from "./episode-context.ts";
import { EpisodeContextSchema, episodeOf } from "./episode-context.ts";
import type { EpisodeUpdate } from "./episode-state.ts";
import { EpisodeState } from "./episode-state.ts";
import { answer } from "./nodes/answer.ts";
import { correct } from "./nodes/correct.ts";
import { finish } from "./nodes/finish.ts";
import { observe } from "./nodes/observe.ts";
import { open } from "./nodes/open.ts";
import { reason } from "./nodes/reason.ts";
import { search } from "./nodes/search.ts";
import { afterOpen, afterReason, afterSearch } from "./routing.ts";

type Runtime = Parameters<typeof episodeOf>[0];

const node =
  <Update extends EpisodeUpdate | Promise<EpisodeUpdate>>(
    run: (state: EpisodeState, episode: EpisodeContext) => Update,
  ) =>
  (state: EpisodeState, runtime: Runtime): Update =>
    run(state, episodeOf(runtime));

const route =
  <Next extends string>(choose: (state: EpisodeState, episode: EpisodeContext) => Next) =>
  (state: EpisodeState, runtime: Runtime): Next =>
    choose(state, episodeOf(runtime));

/**
 * The search agent, compiled once a process: `ask`, evaluation and rollouts all run this graph.
 * An episode is redone whole from its seeds, so there is no checkpointer, not even a surrounding graph's.
 */
export const episodeGraph = new StateGraph(EpisodeState, EpisodeContextSchema)
  .addNode("open", node(open))
  .addNode("reason", node(reason))
  .addNode("search", node(search))
  .addNode("observe", node(observe))
  .addNode("correct", node(correct))
  .addNode("answer", node(answer))
  .addNode("finish", node(finish))
  .addEdge(START, "open")
  .addConditionalEdges("open", route(afterOpen), ["search", "reason", "finish"])
  .addConditionalEdges("reason", route(afterReason), ["answer", "search", "correct", "finish"])
  .addConditionalEdges("search", route(afterSearch), ["observe", "finish"])
  .addEdge("observe", "reason")
  .addEdge("correct", "reason")
  .addEdge("answer", "finish")
  .addEdge("finish", END)
  .compile({ checkpointer: false, name: "litmus-episode" });
