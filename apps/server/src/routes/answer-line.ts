import type { AskEvent } from "@litmus/api";
import { LitmusError } from "@litmus/core";

/**
 * What came of a question, as `litmus ask --json` prints it.
 * @throws LitmusError `unavailable` when the question was not answered
 */
export function answerLine(events: readonly AskEvent[]) {
  const end = events.findLast((event) => event.type === "episode-end");
  const error = events.findLast((event) => event.type === "error");
  if (end === undefined || error !== undefined)
    throw new LitmusError("unavailable", error?.message ?? "the question was not worked on to its end", {
      ...(error?.hint === undefined ? {} : { hint: error.hint }),
      retryable: true,
    });
  const { answer, citations, ending, trajectoryId, usage } = end;
  const turns = events.flatMap((event) => (event.type === "turn-end" ? [event.turn] : []));
  return {
    type: "answer",
    answer,
    citations: citations.map(({ recordId, ...citation }) => ({ id: recordId, ...citation })),
    turns: turns.length,
    stopReason: ending.reason,
    usage,
    trajectoryId,
  };
}
