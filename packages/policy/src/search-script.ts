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
 * Plays a search agent that is sometimes right, and not always in the same way: it searches for the question, or for words
 * of a long one, then answers with what looks like a name in the shown sentence that is most like the question. One answer
 * in eight is the first title's first words, one any phrase of what was shown; one action in ten is malformed.
 */
export const searchScript: Script = ({ text, turn, seed, version }) => {
  const choice = deriveSeed("script", turn, seed, version);
  if (choice % 10 === 0) return "<think>This one goes wrong.</think>\n<answer>";
  const shown = lastBetween(text, "<information>", "</information>");
  const isSeen = shown?.includes("[") === true && choice % 16 !== 2;
  if (shown === null || (turn < 2 && !isSeen)) return `<search>${searchQuery(lastQuestion(text), choice)}</search>`;
  return `<answer>${answerFrom(shown, { question: lastQuestion(text), choice })}</answer>`;
};

/** Longest question, in characters, that is searched as it is. */
const shortQuestion = 48;

/** A short question itself, or one or two of the rarest-looking words of a long one: few hits leave room for their texts. */
function searchQuery(question: string, choice: number): string {
  const words = wordsOf(question).filter((word) => word.length > 3 && word.length <= shortQuestion);
  if (question.length <= shortQuestion || words.length === 0) return question;
  const ranked = words.map((word, place) => ({ word, rank: rarity(word) + (deriveSeed(choice, place) % 4) }));
  const kept = ranked.sort((a, b) => b.rank - a.rank).slice(0, choice % 4 === 1 ? 2 : 1);
  return kept.map(({ word }) => word).join(" ");
}

/** Grows with length, and with capitals, digits and hyphens. */
const rarity = (word: string): number => Math.min(word.length, 14) + (/\p{N}|[-\p{Lu}]/u.test(word.slice(1)) ? 6 : 0);

function answerFrom(shown: string, { question, choice }: { question: string; choice: number }): string {
  switch (choice % 8) {
    case 1:
      return firstTitleWords(shown);
    case 2:
      return somePhrase(shown, choice);
    default:
      return someName(shown, { question, choice }) ?? somePhrase(shown, choice);
  }
}

/** What looks like a name in the sentence that shares most words with the question, titles aside. */
function someName(shown: string, { question, choice }: { question: string; choice: number }): string | null {
  const asked = stemsOf(question);
  const shared = (sentence: string): number => [...stemsOf(sentence)].filter((stem) => asked.has(stem)).length;
  const sentences = shown.split("\n").flatMap((line) => line.split(/(?<=[.?!;])\s+/u).slice(1));
  const best = Math.max(...sentences.map(shared));
  const names = sentences
    .filter((sentence) => shared(sentence) === best)
    .flatMap((sentence) => namesOf(sentence, asked));
  return names[(choice >>> 12) % Math.max(1, names.length)] ?? null;
}

/** Words with capitals or digits that the question does not hold; a sentence's first letter counts for nothing. */
function namesOf(sentence: string, asked: ReadonlySet<string>): string[] {
  return wordsOf(sentence).filter(
    (word, place) => /\p{N}|\p{Lu}/u.test(place === 0 ? word.slice(1) : word) && !asked.has(stemOf(word)),
  );
}

const stemOf = (word: string): string => word.toLowerCase().slice(0, 6);
const stemsOf = (text: string): Set<string> =>
  new Set(
    wordsOf(text)
      .filter((word) => word.length > 3)
      .map(stemOf),
  );

/** The words of a text, without the punctuation around them. */
function wordsOf(text: string): string[] {
  const words = text.split(/\s+/u).map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""));
  return words.filter((word) => word !== "" && !/[<>]/.test(word));
}

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
  return title
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .join(" ")
    .replace(/\p{P}+$/u, "");
}

/** One to three neighbouring words of the shown text, without the punctuation around them. */
function somePhrase(shown: string, choice: number): string {
  const words = shown.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const start = (choice >>> 8) % Math.max(1, words.length);
  const phrase = words.slice(start, start + 1 + ((choice >>> 4) % 3)).join(" ");
  return phrase.replace(/[<>]|[\p{P}\s]+$/gu, "").trim() || "unknown";
}
