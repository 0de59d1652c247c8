import type { PromptTemplate } from "./prompt-template.ts";

const rules = `You are a biomedical research assistant. You answer from the scientific context that you are given.

Rules:
- Stay within the context where possible.
- Say so when the evidence is not enough.
- Never make up citations, record ids, titles or results.
- Give no diagnosis, dose or treatment instruction.
- Write one short answer, a name or a phrase, and close it with </answer>.

`;

const examples = `Question: Which vitamin is lacking in scurvy?

Retrieved scientific context:
<information>
[EX0968] Scurvy in adults. Scurvy is caused by a lack of vitamin C. Bleeding gums and poor wound healing are typical …
[EX4127] Rickets in children. Rickets is caused by a lack of vitamin D and leads to soft bones …
</information>

Answer: <answer>vitamin C</answer>

Question: Which enzyme do the chief cells of the stomach release?

Retrieved scientific context:
<information>
[EX2259] Exocrine pancreas. Acinar cells release lipase and amylase into the duct.
[EX7305] Cells of the gastric glands. Parietal cells release acid, whereas chief cells release pepsin as its precursor …
</information>

Answer: <answer>pepsin</answer>

`;

const frame = {
  afterQuestion: ["\n\nRetrieved scientific context:"],
  beforeObservation: [],
  afterObservation: ["\nAnswer: <answer>"],
  correction: "The answer was not complete.",
  actionCue: "<answer>",
  retrievesFirst: true,
} as const;

/** The question and the retrieved context alone. */
export const retrievalAugmentedShortV1: PromptTemplate = {
  name: "retrieval-augmented-short-v1",
  purpose: "the one-search baseline for warm-started policies: the question and its own results, nothing else",
  shared: ["Question:"],
  ...frame,
  afterQuestion: ["\n"],
  afterObservation: ["<answer>"],
};

/** Role, rules, question, retrieved context, answer cue: one search, one answer. */
export const retrievalAugmentedV1: PromptTemplate = {
  name: "retrieval-augmented-v1",
  purpose: "the one-search baseline: the question's own results in the prompt, then one answer",
  shared: [`${rules}Question:`],
  ...frame,
};

/** The same after two worked examples, for base models: without them they do not close the answer. */
export const retrievalAugmentedFewShotV1: PromptTemplate = {
  name: "retrieval-augmented-few-shot-v1",
  purpose: "the one-search baseline for base models: with two worked examples",
  shared: [`${rules}${examples}Question:`],
  ...frame,
};
