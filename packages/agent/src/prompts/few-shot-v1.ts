import type { PromptTemplate } from "./prompt-template.ts";

const examples = `Answer the biomedical question. Search the literature, read the results, then give a short answer.

Question: Which vitamin is lacking in scurvy?
<think>I need the vitamin whose lack causes scurvy.</think>
<search>scurvy vitamin deficiency</search>
<information>
[EX01] Scurvy in adults. Scurvy is caused by a lack of vitamin C. Bleeding gums and poor wound healing are typical.
[EX02] Rickets in children. Rickets is caused by a lack of vitamin D and leads to soft bones.
</information>
<think>EX01 says that scurvy is caused by a lack of vitamin C.</think>
<cite>EX01</cite>
<answer>vitamin C</answer>

Question: Which hormone is made by the beta cells of the pancreas?
<think>I need the hormone that beta cells make.</think>
<search>pancreas beta cells hormone</search>
<information>
[EX03] Cells of the pancreatic islets. Alpha cells release glucagon, whereas beta cells release insulin.
[EX04] Exocrine pancreas. Acinar cells release digestive enzymes into the duct.
</information>
<think>EX03 says that beta cells release insulin.</think>
<cite>EX03</cite>
<answer>insulin</answer>

Question: Which insect carries the parasite that causes malaria?
<think>I need the insect that carries malaria.</think>
<search>malaria parasite</search>
<information>
[EX05] Life cycle of Plasmodium. The malaria parasite multiplies in the liver and then in red blood cells.
</information>
<think>The insect is not named. I search again.</think>
<search>malaria transmission insect vector</search>
<information>
[EX06] Vectors of malaria. Malaria is transmitted by the bite of female Anopheles mosquitoes.
</information>
<think>EX06 says that Anopheles mosquitoes transmit malaria.</think>
<cite>EX06</cite>
<answer>Anopheles mosquito</answer>

Question:`;

/** Three worked examples in the episode's own format. */
export const fewShotV1: PromptTemplate = {
  name: "few-shot-v1",
  purpose: "base models: three worked examples in the episode's format",
  shared: [examples],
  afterQuestion: ["\n"],
  beforeObservation: [],
  afterObservation: [],
  actionCue: "",
  retrievesFirst: false,
};
