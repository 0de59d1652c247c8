import type { PromptTemplate } from "./prompt-template.ts";

const rules = `You are a biomedical research assistant. You answer from the scientific context that you are given.

Rules:
- Stay within the context where possible.
- Say so when the evidence is not enough.
- Never make up citations, record ids, titles or results.
- Give no diagnosis, dose or treatment instruction.
- Write one short answer, a name or a phrase, and close it with </answer>.

Question:`;

/** Role, rules, question, retrieved context, answer cue: one search, one answer. */
export const retrievalAugmentedV1: PromptTemplate = {
  name: "retrieval-augmented-v1",
  purpose: "the one-search baseline: the question's own results in the prompt, then one answer",
  shared: [rules],
  afterQuestion: ["\n\nRetrieved scientific context:"],
  beforeObservation: [],
  afterObservation: ["\nAnswer: <answer>"],
  actionCue: "<answer>",
  retrievesFirst: true,
};
