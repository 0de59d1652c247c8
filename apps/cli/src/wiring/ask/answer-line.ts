import type { TrajectoryStore } from "@litmus/core";
import type { JsonLine } from "../../output/json-line.ts";
import { askEpisode, endingOf, type AskContext } from "./ask-episode.ts";
import { storeAnswer } from "./store-answer.ts";

/** Answers one question, stores its trajectory under the run `ask`, and gives the line that `litmus ask` prints. */
export async function answerLine(
  context: AskContext & { readonly store: TrajectoryStore },
  question: string,
  signal: AbortSignal,
): Promise<JsonLine> {
  const result = await askEpisode(context, question, { signal });
  const storedAs = await storeAnswer(context.store, result);
  const { reason } = endingOf(result, storedAs);
  const { answer, citations, turns, usage } = result;
  return { type: "answer", answer, citations, turns: turns.length, stopReason: reason, usage, trajectoryId: storedAs };
}
