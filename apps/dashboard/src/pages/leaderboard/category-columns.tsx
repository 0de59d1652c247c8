import type { Leaderboard } from "@litmus/api";
import { IntervalBar } from "../../components/charts/interval-bar.tsx";
import { shareDomain } from "./common-domain.ts";
import { widthRem } from "./score-columns.tsx";
import type { PolicyColumn } from "./score-columns.tsx";

/** Exact match of each category, all on one scale. */
export function categoryColumns({ categories, baselines, entries }: Leaderboard): PolicyColumn[] {
  const rows = [...baselines, ...entries];
  const domain = shareDomain(rows.flatMap(({ byCategory }) => Object.values(byCategory)));
  return categories.map((category) => ({
    id: `category.${category}`,
    label: category,
    hint: `Exact match of the questions of the category ${category}. Few questions give a wide interval.`,
    widthRem,
    isDefault: true,
    cell: ({ byCategory }) => (
      <IntervalBar
        isStacked
        estimate={byCategory[category] ?? null}
        unit="share"
        domain={domain}
        reference={baselines[0]?.byCategory[category]?.value ?? null}
      />
    ),
  }));
}
