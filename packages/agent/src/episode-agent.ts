import { randomUUID } from "node:crypto";
import type { Agent, Clock, EpisodeOptions, Retriever, TokenPolicy, Tokenizer, Trajectory } from "@litmus/core";
import { systemClock } from "@litmus/core";
import { checkOptions } from "./check-options.ts";
import { startDeadline } from "./graph/deadline.ts";
import type { EpisodeContext } from "./graph/episode-context.ts";
import { episodeGraph } from "./graph/episode-graph.ts";
import { recursionLimitOf } from "./graph/routing.ts";
import type { Prompt } from "./prompts/prompts.ts";
import { getPrompt } from "./prompts/prompts.ts";
import type { Renderer } from "./render/renderer.ts";
import { createRenderer } from "./render/renderer.ts";
import type { GraphCallbacks } from "./run-untraced.ts";
import { runUntraced } from "./run-untraced.ts";
import { trajectoryOf } from "./trajectory-of.ts";

export interface EpisodeAgentSettings {
  /** Name of a prompt; {@link getPrompt}. */
  readonly prompt: string;
  readonly clock?: Clock;
  /** LangChain callbacks. Without a LangSmith tracer among them, nothing is traced. */
  readonly callbacks?: GraphCallbacks;
}

/**
 * The search agent as core's port: one episode of the compiled graph for each call of `run`, any number at once.
 * Rejects for bugs and bad settings alone; everything else, abort and time-out included, is in the trajectory's outcome.
 * @throws LitmusError `invalid-config` when no prompt has the name
 */
export function createEpisodeAgent(settings: EpisodeAgentSettings): Agent {
  const prompt = getPrompt(settings.prompt);
  const renderers = new WeakMap<Tokenizer, Renderer>();
  const rendererOf = (tokenizer: Tokenizer): Renderer => {
    const known = renderers.get(tokenizer) ?? createRenderer(prompt.template, tokenizer);
    renderers.set(tokenizer, known);
    return known;
  };
  return {
    name: `search-agent:${settings.prompt}`,
    run: async (question, policy, retriever, options) => {
      const renderer = rendererOf(policy.tokenizer);
      checkOptions(options, renderer);
      return await runEpisode({ question, policy, retriever, options, renderer, prompt }, settings);
    },
  };
}

interface EpisodeParts {
  readonly question: string;
  readonly policy: TokenPolicy;
  readonly retriever: Retriever;
  readonly options: EpisodeOptions;
  readonly renderer: Renderer;
  readonly prompt: Prompt;
}

async function runEpisode(parts: EpisodeParts, settings: EpisodeAgentSettings): Promise<Trajectory> {
  const { policy, options, prompt } = parts;
  const clock = settings.clock ?? systemClock;
  const timing = { startedAt: clock.timestamp(), startMs: clock.monotonicMs() };
  const deadline = startDeadline(options.timeoutMs, options.signal);
  const emit = options.onEvent ?? (() => undefined);
  const episode: EpisodeContext = {
    ...parts,
    episodeId: randomUUID(),
    template: prompt.template,
    deadline,
    clock,
    emit,
  };
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
    policy.release(episode.episodeId);
  }
}
