import type { PromptTemplate } from "./prompt-template.ts";

const examples = `Question: Which vitamin is lacking in scurvy?
<search>scurvy vitamin deficiency</search>
<information>
[EX01] Scurvy in adults. Scurvy is caused by a lack of vitamin C. Bleeding gums and poor wound healing are typical.
[EX02] Rickets in children. Rickets is caused by a lack of vitamin D and leads to soft bones.
</information>
<answer>vitamin C</answer>

Question: Which hormone is made by the beta cells of the pancreas?
<search>pancreas beta cells hormone</search>
<information>
[EX03] Cells of the pancreatic islets. Alpha cells release glucagon, whereas beta cells release insulin.
[EX04] Exocrine pancreas. Acinar cells release digestive enzymes into the duct.
</information>
<answer>insulin</answer>

Question: Which insect carries the parasite that causes malaria?
<search>malaria insect vector</search>
<information>
[EX05] Vectors of malaria. Malaria is transmitted by the bite of female Anopheles mosquitoes.
[EX06] Life cycle of Plasmodium. The malaria parasite multiplies in the liver and then in red blood cells.
</information>
<answer>Anopheles mosquito</answer>

Question:`;

/** As few-shot-v1 without thinking and citing: a small base model keeps to this form far more often. */
export const fewShotDirectV1: PromptTemplate = {
  name: "few-shot-direct-v1",
  purpose: "small base models: three worked examples, search and answer alone",
  shared: [examples],
  afterQuestion: ["\n"],
  beforeObservation: [],
  afterObservation: [],
  // The line that small base models go on from best: see few-shot-v1.
  correction: "No results found.",
  actionCue: "",
  retrievesFirst: false,
};
