import type { AskEvent } from "@litmus/api";
import { askEpisode, endingOf, type AskContext } from "./ask-episode.ts";
import { askEndOf, askEventOf } from "./ask-event.ts";
import { storeAnswer, type AnswerStore } from "./store-answer.ts";

interface Answering {
  readonly emit: (event: AskEvent) => void;
  readonly signal: AbortSignal;
  /** Asked for when there is something to store. */
  readonly store: () => Promise<AnswerStore>;
}

/** Works on one question, says what happens, and stores the trajectory under the run `ask`. @throws what kept it from an answer */
export async function answerQuestion(
  context: AskContext,
  question: string,
  { emit, signal, store }: Answering,
): Promise<void> {
  const { idSpace } = context.retriever.info;
  const onEvent = (event: Parameters<typeof askEventOf>[0]): void => {
    const shown = askEventOf(event, idSpace);
    if (shown !== null) emit(shown);
  };
  const result = await askEpisode(context, question, { signal, onEvent });
  const storedAs = await storeAnswer(await store(), result);
  emit(await askEndOf(context, result, { ending: endingOf(result, storedAs), storedAs }));
}
