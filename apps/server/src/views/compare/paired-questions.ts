import type { PairedQuestion } from "@litmus/api";
import type { ProblemId, StoredProblem } from "@litmus/core";
import { answerOf, type EvaluationSide } from "./evaluation-side.ts";

/** All questions of either side, in the order of the later one; those that both were asked stand in both. */
export function pairedQuestions(from: EvaluationSide, to: EvaluationSide): PairedQuestion[] {
  const ids = new Set<ProblemId>([...to.scores.keys(), ...from.scores.keys()]);
  return [...ids].map((id) => {
    const problem = to.problems.get(id) ?? from.problems.get(id);
    const [before, after] = [answerOf(from, id), answerOf(to, id)];
    return {
      problemId: id,
      question: problem?.question ?? "",
      category: problem?.category ?? null,
      goldenAnswers: [...(problem?.goldenAnswers ?? [])],
      from: before,
      to: after,
      outcome: outcomeOf(before.score, after.score),
    };
  });
}

function outcomeOf(before: number | null, after: number | null): PairedQuestion["outcome"] {
  if (before === null || after === null) return "unscored";
  return after === before ? "tie" : after > before ? "win" : "loss";
}

/** Whether what is sought stands in a question, its golden answers, its category or an answer to it. */
export function holds(
  { problemId, question, category, goldenAnswers, from, to }: PairedQuestion,
  search: string,
): boolean {
  const sought = search.toLowerCase();
  const texts = [problemId, question, category, ...goldenAnswers, from.answer, to.answer];
  return texts.some((text) => text?.toLowerCase().includes(sought) === true);
}

/** Why two sides cannot be paired; null where they can. */
export function unpairable(from: EvaluationSide, to: EvaluationSide): string | null {
  const common = [...to.scores.keys()].filter((id) => from.scores.has(id));
  if (common.length === 0) return "They have no question in common.";
  const differs = (a: StoredProblem | undefined, b: StoredProblem | undefined): boolean =>
    a !== undefined && b !== undefined && a.question !== b.question;
  return common.some((id) => differs(from.problems.get(id), to.problems.get(id)))
    ? "They ask different questions under the same ids."
    : null;
}
