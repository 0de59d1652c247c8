import type { Ending } from "@litmus/api";
import type { StopReason } from "@litmus/core";

const sentences: Record<StopReason, string> = {
  completed: "The policy answered",
  tool_stopped: "A tool ended the episode",
  max_turns: "The last turn, which may only answer, was another search",
  max_tokens: "The last action reached the token limit of one action",
  max_sampled_tokens: "The episode used up its token budget",
  max_tool_calls: "The episode used up its tool calls",
  context_overflow: "The policy's context was full, or the question did not fit",
  parse_error: "The last action was neither a search nor an answer",
};

const isKnown = (reason: string): reason is StopReason => Object.hasOwn(sentences, reason);

/** Why an episode ended, as one sentence without its full stop. */
export function endingSentence(ending: Ending): string {
  if (ending.type === "failed") return `Failed at ${ending.boundary}: ${ending.message}`;
  return isKnown(ending.reason) ? sentences[ending.reason] : `Ended: ${ending.reason}`;
}

/** Why an episode ended, in a word or two: `completed`, `max turns`, `timeout failure`; `ended` for a reason of another version. */
export function endingLabel(ending: Ending): string {
  if (ending.type === "failed") return `${ending.boundary} failure`;
  return isKnown(ending.reason) ? ending.reason.replaceAll("_", " ") : "ended";
}
