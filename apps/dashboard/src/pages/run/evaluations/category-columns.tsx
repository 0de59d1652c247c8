import type { RunEvaluation } from "@litmus/api";
import { IntervalBar } from "../../../components/charts/interval-bar.tsx";
import type { Column } from "../../../components/table/column.ts";
import { formatCount } from "../../../format/number.ts";
import { visibleText } from "../../../format/visible-text.ts";

/** All categories that any of the evaluations has, in the order of the alphabet. */
export function categoriesOf(evaluations: readonly RunEvaluation[]): readonly string[] {
  return [...new Set(evaluations.flatMap(({ byCategory }) => Object.keys(byCategory)))].toSorted();
}

export function categoryColumns(categories: readonly string[]): Column<RunEvaluation>[] {
  return [
    { id: "stage", label: "After", widthRem: 10, cell: ({ stage, step }) => `${stage}, step ${formatCount(step)}` },
    ...categories.map((category): Column<RunEvaluation> => ({
      id: `category:${category}`,
      label: visibleText(category, "a category without a name"),
      widthRem: 17.5,
      cell: ({ byCategory }) => <IntervalBar estimate={byCategory[category] ?? null} unit="share" />,
    })),
  ];
}
