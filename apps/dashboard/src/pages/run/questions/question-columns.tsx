import { problemsQuery } from "@litmus/api";
import type { ProblemList, ProblemsQuery } from "@litmus/api";
import type { Column } from "../../../components/table/column.ts";
import { ProblemLink } from "../../../components/text/problem-link.tsx";
import { formatCount, formatNumber, formatPercent, formatSigned, noValue } from "../../../format/number.ts";

type Question = ProblemList["problems"][number];

const sorts: ReadonlySet<string> = new Set(problemsQuery.shape.sort.unwrap().options);

const measure = ": of its greedy evaluations, or in training where it has none.";

/** Whether the server sorts questions by a column. */
export const isQuestionSort = (column: string): column is ProblemsQuery["sort"] => sorts.has(column);

export function questionColumns(runId: string): Column<Question>[] {
  return [
    {
      id: "question",
      label: "Question",
      widthRem: 24,
      isSortable: true,
      isWrapping: true,
      cell: ({ id, question }) => <ProblemLink runId={runId} problemId={id} question={question} />,
    },
    { id: "category", label: "Category", widthRem: 10, cell: ({ category }) => category ?? noValue },
    numeric("attempts", "Attempts", "Trajectories of this question.", ({ attempts }) => formatCount(attempts)),
    numeric("firstReward", "First reward", `Mean of its first group that was scored${measure}`, ({ firstReward }) =>
      formatNumber(firstReward, 2),
    ),
    numeric("lastReward", "Last reward", `Mean of its last group that was scored${measure}`, ({ lastReward }) =>
      formatNumber(lastReward, 2),
    ),
    numeric("change", "Change", "Last reward minus first.", ({ firstReward, lastReward }) =>
      formatSigned(firstReward === null || lastReward === null ? null : lastReward - firstReward, (value) =>
        formatNumber(value, 2),
      ),
    ),
    {
      id: "lastExactMatch",
      label: "Exact match",
      hint: "Greedy, at the last evaluation that asked it.",
      widthRem: 8,
      align: "end",
      cell: ({ lastExactMatch }) => formatPercent(lastExactMatch, 0),
    },
    numeric("failed", "Failed", "Episodes that failed, or could not be scored.", ({ failed }) => formatCount(failed)),
    { id: "id", label: "Id", widthRem: 9, isSortable: true, cell: ({ id }) => id },
    { id: "split", label: "Split", widthRem: 6, cell: ({ split }) => split },
    {
      id: "golden",
      label: "Golden answers",
      widthRem: 14,
      cell: ({ goldenAnswers }) => goldenAnswers.join(", "),
    },
  ];
}

function numeric(
  id: ProblemsQuery["sort"],
  label: string,
  hint: string,
  cell: (question: Question) => string,
): Column<Question> {
  return { id, label, hint, widthRem: 8, align: "end", isSortable: true, firstOrder: "descending", cell };
}
