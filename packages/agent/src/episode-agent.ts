import { randomUUID } from "node:crypto";
import type { Agent, Clock, EpisodeOptions, Retriever, Trajectory } from "@litmus/core";
import { systemClock } from "@litmus/core";
import { checkOptions } from "./check-options.ts";
import type { Dialogue } from "./dialogue/dialogue.ts";
import { createDialogueOpener } from "./dialogue/open-dialogue.ts";
import { startDeadline } from "./graph/deadline.ts";
import type { EpisodeContext } from "./graph/episode-context.ts";
import { episodeGraph } from "./graph/episode-graph.ts";
import { recursionLimitOf } from "./graph/routing.ts";
import type { PromptReference } from "./prompts/prompts.ts";
import { promptReference } from "./prompts/prompts.ts";
import type { GraphCallbacks } from "./run-untraced.ts";
import { runUntraced } from "./run-untraced.ts";
import { trajectoryOf } from "./trajectory-of.ts";

export interface EpisodeAgentSettings {
  /** Name of a prompt, which must be for the kind of policy that is to answer; {@link listPrompts}. */
  readonly prompt: string;
  readonly clock?: Clock;
  /** LangChain callbacks. Without a LangSmith tracer among them, nothing is traced. */
  readonly callbacks?: GraphCallbacks;
}

/**
 * The search agent as core's port: one episode of the compiled graph for each call of `run`, any number at once.
 * Rejects for bugs and bad settings alone; everything else, abort and time-out included, is in the trajectory's outcome.
 * @throws LitmusError `invalid-config` when no prompt has the name; `run`, when the prompt is for another kind of policy
 */
export function createEpisodeAgent(settings: EpisodeAgentSettings): Agent {
  const prompt = promptReference(settings.prompt);
  const openDialogue = createDialogueOpener(settings.prompt);
  return {
    name: `search-agent:${settings.prompt}`,
    run: async (question, policy, retriever, options) => {
      const dialogue = openDialogue(policy, randomUUID());
      checkOptions(options, dialogue);
      return await runEpisode({ question, dialogue, retriever, options, prompt }, settings);
    },
  };
}

interface EpisodeParts {
  readonly question: string;
  readonly dialogue: Dialogue;
  readonly retriever: Retriever;
  readonly options: EpisodeOptions;
  readonly prompt: PromptReference;
}

async function runEpisode({ prompt, ...parts }: EpisodeParts, settings: EpisodeAgentSettings): Promise<Trajectory> {
  const { dialogue, options } = parts;
  const clock = settings.clock ?? systemClock;
  const timing = { startedAt: clock.timestamp(), startMs: clock.monotonicMs() };
  const deadline = startDeadline(options.timeoutMs, options.signal);
  const emit = options.onEvent ?? (() => undefined);
  const episode: EpisodeContext = { ...parts, deadline, clock, emit };
  try {
    const recursionLimit = recursionLimitOf(options.budgets.maxTurns);
    const config = { context: { episode }, recursionLimit };
    const state = await runUntraced(settings.callbacks ?? [], (callbacks) =>
      episodeGraph.invoke({}, { ...config, callbacks }),
    );
    const trajectory = trajectoryOf(state, { episode, prompt, ...timing, endMs: clock.monotonicMs() });
    emit({ type: "episode-end", trajectory });
    return trajectory;
  } finally {
    deadline.dispose();
    dialogue.end();
  }
}
