import type { Attempt } from "@litmus/api";
import { formatDuration } from "../../format/duration.ts";
import { formatCount, formatNumber, noValue } from "../../format/number.ts";
import type { Column } from "../table/column.ts";
import { EndingBadge } from "./ending-badge.tsx";

const foundWords = (foundGold: boolean | null): string => (foundGold === null ? noValue : foundGold ? "yes" : "no");

/** The columns that every table of attempts has: what came of one, and what it cost. */
export const attemptFacts = {
  reward: { id: "reward", label: "Reward", widthRem: 5.5, align: "end", cell: ({ reward }) => formatNumber(reward, 2) },
  ending: {
    id: "ending",
    label: "Ended",
    hint: "Why it stopped by itself, or at which boundary it failed.",
    widthRem: 8,
    cell: ({ ending }) => <EndingBadge ending={ending} />,
  },
  foundGold: {
    id: "foundGold",
    label: "Gold",
    hint: "Whether its searches showed a gold record.",
    widthRem: 6,
    cell: ({ foundGold }) => foundWords(foundGold),
  },
  searches: {
    id: "searches",
    label: "Searches",
    widthRem: 6.5,
    align: "end",
    cell: ({ searches }) => formatCount(searches),
  },
  sampledTokens: {
    id: "sampledTokens",
    label: "Tokens",
    widthRem: 5.5,
    align: "end",
    cell: ({ sampledTokens }) => formatCount(sampledTokens),
  },
  durationMs: {
    id: "durationMs",
    label: "Time",
    widthRem: 5.5,
    align: "end",
    cell: ({ durationMs }) => formatDuration(durationMs),
  },
} as const satisfies Readonly<Record<string, Column<Attempt>>>;
