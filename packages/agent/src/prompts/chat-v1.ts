import type { PromptTemplate, TurnMark } from "./prompt-template.ts";

const start: TurnMark = { mark: "start-of-turn" };
const end: TurnMark = { mark: "end-of-turn" };

const rules = `You are a biomedical research assistant that answers questions from the literature.
Think inside <think> and </think> whenever you get new information.
To search, write a short query inside <search> and </search>; the results come inside <information> and </information>, each with its record id in square brackets. Search as often as you need.
When you know the answer, name the records that support it inside <cite> and </cite>, then write the answer alone, without explanation, inside <answer> and </answer>.
Rely on the results; never make up a record id.

Question:`;

/** Instructions and turns of an instruction-tuned Gemma; turn marks are inserted as ids. */
export const chatV1: PromptTemplate = {
  name: "chat-v1",
  purpose: "instruction-tuned Gemma: instructions in chat turns",
  shared: [start, `user\n${rules}`],
  afterQuestion: [end, "\n", start, "model\n"],
  beforeObservation: [end, "\n", start, "user"],
  afterObservation: [end, "\n", start, "model\n"],
  correction: "No complete search or answer was found. Write one query or one short answer between its tags.",
  actionCue: "",
  retrievesFirst: false,
};
