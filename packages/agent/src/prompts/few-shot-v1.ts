import type { PromptTemplate } from "./prompt-template.ts";

// Without <think>: in a small base model it lowers the share of valid actions. Record ids differ in every digit, or the
// model counts on from the last instead of copying what it was shown.
const examples = `Answer each biomedical question: search the literature, read the results, then give a short answer.

Question: Which vitamin is lacking in scurvy?
<search>vitamin lacking in scurvy</search>
<information>
[EX0968] Scurvy in adults. Scurvy is caused by a lack of vitamin C. Bleeding gums and poor wound healing are typical …
[EX4127] Rickets in children. Rickets is caused by a lack of vitamin D and leads to soft bones …
</information>
<cite>EX0968</cite>
<answer>vitamin C</answer>

Question: Which enzyme do the chief cells of the stomach release?
<search>stomach chief cells enzyme</search>
<information>
[EX2259] Exocrine pancreas. Acinar cells release lipase and amylase into the duct.
[EX7305] Cells of the gastric glands. Parietal cells release acid, whereas chief cells release pepsin as its precursor …
</information>
<cite>EX7305</cite>
<answer>pepsin</answer>

Question: Which pigment lets the rods of the retina detect light?
<search>rods of the retina</search>
<information>
[EX8816] Layers of the retina. Rods serve vision in dim light, and cones serve colour vision …
</information>
<search>rod photoreceptor visual pigment</search>
<information>
[EX5043] Visual pigments. Rods detect light with rhodopsin. Cones use other opsins.
[EX6178] The optic nerve. Axons of the ganglion cells leave the eye at the optic disc …
</information>
<cite>EX5043</cite>
<answer>rhodopsin</answer>

Question: Which plant is the source of digitalis?
<search>digitalis plant source</search>
<information>
[EX1442] Cardiac glycosides. Digitalis was first extracted from the leaves of the foxglove and slows the heart …
[EX9710] Plant alkaloids. Quinine is obtained from the bark of the cinchona tree …
</information>
<cite>EX1442</cite>
<answer>foxglove</answer>

Question:`;

/** Four worked examples in the episode's own format; one needs a second search. */
export const fewShotV1: PromptTemplate = {
  name: "few-shot-v1",
  purpose: "base models: worked examples in the episode's format",
  shared: [examples],
  afterQuestion: ["\n"],
  beforeObservation: [],
  afterObservation: [],
  // A small base model goes on in the format more often after a line it knows than after an explanation.
  correction: "No results found.",
  actionCue: "",
  retrievesFirst: false,
};
