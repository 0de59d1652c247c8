import type { Attempt } from "@litmus/api";
import { hasWords } from "../../../components/record/split-by-words.ts";
import type { AttemptOutcome, AttemptSort, ProblemViewState } from "../search.ts";

/** Right where the exact match says so; failed where nothing was scored. */
export function outcomeOf({ exactMatch, reward }: Attempt): AttemptOutcome {
  if (reward === null) return "failed";
  return exactMatch === 1 ? "right" : "wrong";
}

type Choice = Pick<ProblemViewState, "purpose" | "outcome" | "find" | "sort" | "order">;

/** The attempts that the filters leave, sorted; equal ones stay in the order of the run. */
export function chooseAttempts(attempts: readonly Attempt[], choice: Choice): Attempt[] {
  const { purpose, outcome, find, sort, order } = choice;
  const left = attempts.filter(
    (attempt) =>
      (purpose.length === 0 || purpose.includes(attempt.purpose)) &&
      (outcome.length === 0 || outcome.includes(outcomeOf(attempt))) &&
      (find === "" || [attempt.answer ?? "", ...attempt.queries].some((text) => hasWords(text, find))),
  );
  const sign = order === "ascending" ? 1 : -1;
  // They come in the order of the run, which is that of its steps over all its stages.
  if (sort === "step") return sign === 1 ? left : left.toReversed();
  return left.toSorted((a, b) => compareNumbers(a[sort], b[sort], sign));
}

/** What has no number stands last, whatever the order. */
function compareNumbers(a: number | null, b: number | null, sign: 1 | -1): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return sign * (a - b);
}

export const isAttemptSort = (id: string, sorts: readonly AttemptSort[]): id is AttemptSort =>
  sorts.some((sort) => sort === id);
