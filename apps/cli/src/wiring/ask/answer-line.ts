import type { AskResult } from "@litmus/agent";
import type { TrajectoryStore } from "@litmus/core";
import type { JsonLine } from "../../output/json-line.ts";
import { askEpisode, failureOf, type AskContext } from "./ask-episode.ts";
import { storeAnswer } from "./store-answer.ts";

/** Answers one question, stores its trajectory under the run `ask`, and gives the line that `litmus ask` prints. */
export async function answerLine(
  context: AskContext & { readonly store: TrajectoryStore },
  question: string,
  signal: AbortSignal,
): Promise<JsonLine> {
  const result = await askEpisode(context, question, { signal });
  const storedAs = await storeAnswer(context.store, result);
  const failure = failureOf(result, storedAs);
  if (failure !== null) throw failure;
  return lineOf(result, storedAs);
}

function lineOf({ answer, citations, turns, stopReason, usage }: AskResult, trajectoryId: string): JsonLine {
  return { type: "answer", answer, citations, turns: turns.length, stopReason, usage, trajectoryId };
}
