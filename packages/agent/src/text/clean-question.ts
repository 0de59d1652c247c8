import { cleanText } from "./clean-text.ts";
import { neutraliseTags } from "./neutralise-tags.ts";

/** Longest question, in UTF-16 units: `ask` refuses a longer one, a rollout of it is an empty trajectory. */
export const maxQuestionLength = 2_000;

/** The question as the policy sees it. */
export const cleanQuestion = (question: string): string => neutraliseTags(cleanText(question));
