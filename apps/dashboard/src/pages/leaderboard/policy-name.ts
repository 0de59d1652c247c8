import type { LeaderboardEntry, UnrankedReason } from "@litmus/api";
import { runLabel } from "../../format/run-label.ts";
import { formatCount, noValue } from "../../format/number.ts";

type Placed = Pick<LeaderboardEntry, "stage" | "step" | "seeds">;

/** Where in its run a policy was evaluated, and of which seed the run is. */
export function policyPlace({ stage, step, seeds: [own] }: Placed): string {
  return `${stage}, step ${formatCount(step)}${own === undefined ? "" : `, seed ${own}`}`;
}

/** A policy in a sentence: `quickstart (grpo, step 8, seed 1)`. */
export const policyName = (entry: Placed & Pick<LeaderboardEntry, "runId" | "runName">): string =>
  `${runLabel(entry.runName, entry.runId)} (${policyPlace(entry)})`;

/** A rank, which says that others share it: `2=`; a dash without one. */
export function rankText({ rank, ties }: Pick<LeaderboardEntry, "rank" | "ties">): string {
  if (rank === null) return noValue;
  return ties === 0 ? String(rank) : `${rank}=`;
}

/** Why a policy has no rank. */
export const unrankedWords: Record<UnrankedReason, string> = {
  "nothing-scored": "nothing scored",
  "chosen-on-these-questions": "chosen on these questions",
};
