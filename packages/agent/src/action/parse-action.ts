import type { ParsedAction } from "@litmus/core";

const decidingPair = /<(search|answer)>([\s\S]*?)<\/\1>/;
const anyTag = /<\/?(?:think|search|cite|answer|information)>/;
const informationTag = /<\/?information>/;
const citePair = /<cite>([\s\S]*?)<\/cite>/g;
const collapse = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Most ids that one answer may cite; later ones are dropped. */
const maxCitedIds = 20;

/**
 * Reads an action from the policy's own tokens: the first complete search or answer decides, and what follows it
 * (the tail of the last token) is ignored. Citations are the ids inside `<cite>` before the answer, unchecked.
 * Tags are exact: lower case, no spaces, no attributes.
 */
export function parseAction(text: string): ParsedAction {
  const match = decidingPair.exec(text);
  const decided = match === null ? text : text.slice(0, match.index);
  if (informationTag.test(decided)) return malformed("the action writes its own information block");
  if (match === null) return malformed(missingReason(text));
  return readContent(match[1] === "search" ? "search" : "answer", match[2] ?? "", citedIds(citationsIn(decided)));
}

/** What was written as a query or an answer, checked: not empty, and without a tag. */
export function readContent(kind: "search" | "answer", written: string, cited: readonly string[]): ParsedAction {
  const content = collapse(written);
  if (anyTag.test(content)) return malformed(`a tag inside the ${kind} tag`);
  if (content === "") return malformed(`empty ${kind}`);
  return kind === "search" ? { type: "search", query: content } : { type: "answer", answer: content, cited };
}

/** An action that says nothing. */
export const malformed = (reason: string): ParsedAction => ({ type: "malformed", reason });

function missingReason(text: string): string {
  if (text.trim() === "") return "empty action";
  if (text.includes("<search>")) return "the search tag is not closed";
  if (text.includes("<answer>")) return "the answer tag is not closed";
  return "neither a search nor an answer";
}

const citationsIn = (text: string): string[] => [...text.matchAll(citePair)].map((pair) => pair[1] ?? "");

/** Distinct ids in the order written; brackets and trailing punctuation around an id are not part of it. */
export function citedIds(written: readonly string[]): string[] {
  const ids = written
    .flatMap((text) => text.split(/[\s,;]+/))
    .map((id) => id.replace(/^[[("']+|[\])"'.:]+$/g, ""))
    .filter((id) => id !== "");
  return [...new Set(ids)].slice(0, maxCitedIds);
}
