import type { PromptTemplate } from "./prompt-template.ts";

/** The question alone. */
export const shortV1: PromptTemplate = {
  name: "short-v1",
  purpose: "warm-started policies, which know the format: the question alone",
  shared: ["Question:"],
  afterQuestion: ["\n"],
  beforeObservation: [],
  afterObservation: [],
  correction: "No results found.",
  actionCue: "",
  retrievesFirst: false,
};
