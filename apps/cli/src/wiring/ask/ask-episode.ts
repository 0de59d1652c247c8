import { createSearchAgent, type AskResult } from "@litmus/agent";
import { LitmusError, type EpisodeEvent, type EpisodeOutcome } from "@litmus/core";
import type { RunContext } from "@litmus/experiment";

/** What asking needs of a run; no golden answer is known here. */
export type AskContext = Pick<RunContext, "policy" | "retriever" | "record" | "config">;

/** An episode that did not fail. */
export type Ended = Extract<EpisodeOutcome, { type: "stopped" }>;

interface Listening {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: EpisodeEvent) => void;
}

/** Answers one question with the policy as it is now. @throws as `SearchAgent.ask`, and the signal's reason */
export async function askEpisode(
  context: AskContext,
  question: string,
  { signal, onEvent }: Listening,
): Promise<AskResult> {
  const { policy, retriever, config } = context;
  const { agent } = config;
  const prompt = policy.identity().version === 0 ? agent.basePrompt : agent.trainedPrompt;
  const { budgets, timeoutMs } = agent;
  const searchAgent = createSearchAgent({ policy, retriever, prompt, budgets, timeoutMs });
  for await (const event of searchAgent.stream(question, signal === undefined ? {} : { signal })) {
    if (event.type !== "ask-end") onEvent?.(event);
    else {
      signal?.throwIfAborted();
      return event.result;
    }
  }
  throw new LitmusError("bug", "the episode ended without a result");
}

/** How an episode came to its end. @throws LitmusError `unavailable` where it failed instead */
export function endingOf({ trajectory: { outcome } }: AskResult, storedAs: string): Ended {
  if (outcome.type === "stopped") return outcome;
  const { boundary, code, message, retryable } = outcome.failure;
  throw new LitmusError("unavailable", `the question could not be worked on (${boundary}/${code}): ${message}`, {
    hint: `the episode is stored as ${storedAs}; litmus doctor checks this machine`,
    retryable,
  });
}
