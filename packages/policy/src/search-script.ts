import { deriveSeed } from "@litmus/core";

/** All that a scripted action may depend on. */
export interface ScriptContext {
  /** The whole context so far, control tokens left out. */
  readonly text: string;
  /** From 0: how many observations have followed the question. */
  readonly turn: number;
  readonly seed: number;
  /** Of the policy. */
  readonly version: number;
}

/** A pure function from a context to the text of an action. */
export type Script = (context: ScriptContext) => string;

/**
 * Plays a search agent that is sometimes right: it searches for the question, then answers with a phrase of what it was
 * shown. About one action in ten is malformed, and one answer in five is the first title's first words.
 */
export const searchScript: Script = ({ text, turn, seed, version }) => {
  const choice = deriveSeed("script", turn, seed, version);
  if (choice % 10 === 0) return "<think>This one goes wrong.</think>\n<answer>";
  const shown = lastBetween(text, "<information>", "</information>");
  if (turn === 0 || shown === null) return `<search>${lastQuestion(text)}</search>`;
  const answer = choice % 5 === 1 ? firstTitleWords(shown) : somePhrase(shown, choice);
  return `<answer>${answer}</answer>`;
};

/** How many information blocks follow the last question of a context. */
export function observationsAfterQuestion(text: string): number {
  return afterLastQuestion(text).split("<information>").length - 1;
}

function afterLastQuestion(text: string): string {
  const start = text.lastIndexOf("Question:");
  return start < 0 ? text : text.slice(start + "Question:".length);
}

function lastQuestion(text: string): string {
  const question = afterLastQuestion(text).split(/[\n<]/, 1)[0]?.trim() ?? "";
  return question === "" ? "unknown" : question;
}

function lastBetween(text: string, open: string, close: string): string | null {
  const start = afterLastQuestion(text).lastIndexOf(open);
  if (start < 0) return null;
  return (
    afterLastQuestion(text)
      .slice(start + open.length)
      .split(close, 1)[0] ?? null
  );
}

function firstTitleWords(shown: string): string {
  const title = /\]\s*([^.?!\n]+)/.exec(shown)?.[1] ?? "unknown";
  return title.trim().split(/\s+/).slice(0, 2).join(" ");
}

/** One to three neighbouring words of the shown text, without the punctuation around them. */
function somePhrase(shown: string, choice: number): string {
  const words = shown.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const start = (choice >>> 8) % Math.max(1, words.length);
  const phrase = words.slice(start, start + 1 + ((choice >>> 4) % 3)).join(" ");
  return phrase.replace(/[<>]|[\p{P}\s]+$/gu, "").trim() || "unknown";
}
