import type { Leaderboard } from "@litmus/api";
import { factColumns, rankColumn, trustColumns } from "./fact-columns.tsx";
import { costColumns, scoreColumns } from "./score-columns.tsx";
import type { PolicyColumn } from "./score-columns.tsx";

/** The columns to choose from, besides the policy itself. */
export function policyColumns(board: Pick<Leaderboard, "baselines" | "entries">): PolicyColumn[] {
  return [rankColumn, ...scoreColumns(board), ...trustColumns, ...costColumns(board), ...factColumns];
}
