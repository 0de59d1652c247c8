import type { Attempt } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import { AnswerText } from "../../../components/attempts/answer-text.tsx";
import { EndingBadge } from "../../../components/attempts/ending-badge.tsx";
import { QueryList } from "../../../components/attempts/query-list.tsx";
import { Badge } from "../../../components/layout/badge.tsx";
import type { Column } from "../../../components/table/column.ts";
import { formatDuration } from "../../../format/duration.ts";
import { formatCount, formatNumber, noValue } from "../../../format/number.ts";

const foundWords = (foundGold: boolean | null): string => (foundGold === null ? noValue : foundGold ? "yes" : "no");

/** How an attempt at a question is shown in a table; its first cell leads to the trajectory. */
export const attemptColumns: readonly Column<Attempt>[] = [
  {
    id: "step",
    label: "Attempt",
    hint: "Stage and step of the run, and which attempt of its group.",
    widthRem: 9.5,
    isSortable: true,
    cell: ({ trajectoryId, stage, step, member }) => (
      <Link to="/trajectories/$trajectoryId" params={{ trajectoryId }}>
        {stage} step {step} #{member}
      </Link>
    ),
  },
  { id: "purpose", label: "Purpose", widthRem: 9.5, cell: ({ purpose }) => <Badge>{purpose}</Badge> },
  { id: "version", label: "Version", widthRem: 5, align: "end", cell: ({ version }) => `v${version}` },
  {
    id: "answer",
    label: "Answer",
    widthRem: 11,
    isWrapping: true,
    cell: ({ answer }) => <AnswerText answer={answer} />,
  },
  {
    id: "reward",
    label: "Reward",
    widthRem: 5.5,
    align: "end",
    isSortable: true,
    firstOrder: "descending",
    cell: ({ reward }) => formatNumber(reward, 2),
  },
  { id: "ending", label: "Ended", widthRem: 8, cell: ({ ending }) => <EndingBadge ending={ending} /> },
  {
    id: "queries",
    label: "Queries",
    widthRem: 14.5,
    isWrapping: true,
    cell: ({ queries }) => <QueryList queries={queries} />,
  },
  {
    id: "foundGold",
    label: "Gold",
    hint: "Whether a search showed a gold record.",
    widthRem: 6,
    cell: ({ foundGold }) => foundWords(foundGold),
  },
  {
    id: "searches",
    label: "Searches",
    widthRem: 6.5,
    align: "end",
    isSortable: true,
    cell: ({ searches }) => formatCount(searches),
  },
  {
    id: "sampledTokens",
    label: "Tokens",
    widthRem: 5.5,
    align: "end",
    isSortable: true,
    cell: ({ sampledTokens }) => formatCount(sampledTokens),
  },
  {
    id: "durationMs",
    label: "Time",
    widthRem: 5.5,
    align: "end",
    isSortable: true,
    cell: ({ durationMs }) => formatDuration(durationMs),
  },
];
