import type { Problem } from "@litmus/core";
import type { DatasetExpectations, DatasetFinding } from "./dataset-finding.ts";
import { nearDuplicates } from "./near-duplicates.ts";

interface Placed {
  readonly part: string;
  readonly problem: Problem;
}

/** What one part of a split gives away about another: shared problems, gold records, near-equal questions. */
export function checkLeaks(
  splits: Readonly<Record<string, readonly Problem[]>>,
  expectations: DatasetExpectations,
): DatasetFinding[] {
  const placed = Object.entries(splits).flatMap(([part, problems]) => problems.map((problem) => ({ part, problem })));
  const similarity = expectations.duplicateSimilarity;
  return [
    ...sharedProblems(placed),
    ...sharedRecords(placed),
    ...(similarity === undefined ? [] : similarQuestions(placed, similarity)),
  ];
}

function sharedProblems(placed: readonly Placed[]): DatasetFinding[] {
  const groups = Map.groupBy(placed, ({ problem }) => problem.id);
  return [...groups]
    .filter(([, members]) => members.length > 1)
    .map(([id, members]) => ({
      code: "problem-twice",
      ids: [id],
      message: `problem ${id} occurs ${members.length} times (${partsOf(members).join(", ")})`,
    }));
}

function sharedRecords(placed: readonly Placed[]): DatasetFinding[] {
  const mentions = placed.flatMap(({ part, problem }) => problem.goldRecordIds.map((record) => ({ record, part })));
  const groups = Map.groupBy(mentions, ({ record }) => record);
  return [...groups].flatMap(([record, members]) => {
    const parts = partsOf(members);
    if (parts.length < 2) return [];
    return [{ code: "record-in-two-splits", ids: [record], message: `${record} is gold in ${parts.join(" and ")}` }];
  });
}

function similarQuestions(placed: readonly Placed[], threshold: number): DatasetFinding[] {
  const pairs = nearDuplicates(
    placed.map(({ problem }) => problem.question),
    threshold,
  );
  return pairs.flatMap(({ first, second, similarity }) => {
    const [a, b] = [placed[first] as Placed, placed[second] as Placed];
    if (a.part === b.part) return [];
    const message = `questions ${a.problem.id} (${a.part}) and ${b.problem.id} (${b.part}) share ${similarity.toFixed(2)} of their words`;
    return [{ code: "near-duplicate-questions", ids: [a.problem.id, b.problem.id], message }];
  });
}

function partsOf(members: readonly { readonly part: string }[]): string[] {
  return [...new Set(members.map(({ part }) => part))];
}
