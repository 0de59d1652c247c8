import { createRng, type CorpusRecord, type Problem } from "@litmus/core";

/** Words that carry no content in a question. */
const questionWords = new Set(
  (
    "a an and are as at be by can caused does do during for from has have how in into is it its most name of on or that the " +
    "their them these this to used using was what when where which who whose why with within called known type main"
  ).split(" "),
);

/** Words of a text in order, without punctuation at their ends. */
function words(text: string): string[] {
  return text
    .split(/\s+/u)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""))
    .filter((word) => word !== "");
}

/** What a search engine makes of a text: "FBN1-related" names the gene too. */
const pieces = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const contentWords = (text: string): string[] => words(text).filter((word) => !questionWords.has(word.toLowerCase()));

/**
 * Different ways to ask one question of a search engine, the bare question first; none holds a word of a golden answer
 * that the question does not hold. Queries that are always alike would leave reinforcement nothing to choose from.
 * @param gold a record that supports the answer; its title names what a paraphrase only describes
 */
export function queryStyles(problem: Problem, gold: CorpusRecord | null, seed: number): string[] {
  const bare = words(problem.question).join(" ");
  const keywords = contentWords(problem.question);
  const spoken = new Set(pieces(problem.question));
  const secret = new Set(problem.goldenAnswers.flatMap(pieces).filter((piece) => !spoken.has(piece)));
  const title = contentWords(gold?.title ?? "").filter((word) => !pieces(word).some((piece) => secret.has(piece)));
  const rng = createRng(seed);
  const few = keywords.filter(() => rng.uniform() < 0.6);
  const styles = [
    bare,
    keywords.join(" "),
    few.join(" "),
    title.join(" "),
    [...title.slice(0, 3), ...few.slice(0, 3)].join(" "),
  ];
  return [...new Set(styles)].filter((query) => query.split(" ").length >= 2);
}
