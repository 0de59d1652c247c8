import type { Leaderboard, LeaderboardEntry } from "@litmus/api";
import { useMemo } from "react";
import { shownColumns } from "../../components/table/chosen-columns.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { categoryColumns } from "./category-columns.tsx";
import { PolicyCell } from "./policy-cell.tsx";
import { policyColumns } from "./policy-columns.ts";
import type { PolicyColumn } from "./score-columns.tsx";
import { leaderboardView } from "./search.ts";

/** Policies that can be compared with one another at once. */
const mostChosen = 2;

/** The table's columns as the address chooses them: scores and facts, or exact match by category. */
export function usePolicyColumns(board: Leaderboard, pinned: ReadonlySet<string>): PolicyColumn[] {
  const [{ columns, byCategory, chosen }, setView] = useViewState(leaderboardView);
  const scores = useMemo(() => policyColumns(board), [board]);
  const policy: PolicyColumn = {
    id: "policy",
    label: "Policy",
    widthRem: 21,
    isSortable: true,
    isFixed: true,
    isDefault: true,
    isWrapping: true,
    cell: (entry: LeaderboardEntry) => (
      <PolicyCell
        entry={entry}
        isPinned={pinned.has(entry.id)}
        isChosen={chosen.includes(entry.id)}
        canChoose={chosen.length < mostChosen}
        onChoose={(isChosen) =>
          setView({ chosen: isChosen ? [...chosen, entry.id] : chosen.filter((id) => id !== entry.id) })
        }
      />
    ),
  };
  if (!byCategory) return [policy, ...shownColumns(scores, columns)];
  const overall = scores.filter(({ id }) => id === "rank" || id === "exactMatch");
  return [policy, ...overall, ...categoryColumns(board)];
}
