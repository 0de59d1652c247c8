import type { Attempt } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import { EndingBadge } from "../../../components/attempts/ending-badge.tsx";
import { Badge } from "../../../components/layout/badge.tsx";
import type { Column } from "../../../components/table/column.ts";
import { formatDuration } from "../../../format/duration.ts";
import { formatCompact, formatCount, formatNumber, noValue } from "../../../format/number.ts";
import { visibleText } from "../../../format/visible-text.ts";

/** A run's trajectories; the question leads to each. */
export const attemptColumns: readonly Column<Attempt>[] = [
  {
    id: "question",
    label: "Question",
    widthRem: 22,
    cell: ({ trajectoryId, question }) => (
      <Link to="/trajectories/$trajectoryId" params={{ trajectoryId }} title={question}>
        {visibleText(question, trajectoryId)}
      </Link>
    ),
  },
  { id: "place", label: "Place", widthRem: 9, cell: ({ stage, step }) => `${stage}, step ${formatCount(step)}` },
  { id: "purpose", label: "Purpose", widthRem: 10.5, cell: ({ purpose }) => purpose },
  {
    id: "member",
    label: "Member",
    hint: "Its group in the step, and its place in the group.",
    widthRem: 6.5,
    align: "end",
    cell: ({ group, member }) => `${formatCount(group)}·${formatCount(member)}`,
  },
  { id: "answer", label: "Answer", widthRem: 14, cell: ({ answer }) => answer ?? noValue },
  {
    id: "verdict",
    label: "Verdict",
    widthRem: 7,
    cell: ({ exactMatch }) =>
      exactMatch === null ? (
        noValue
      ) : (
        <Badge tone={exactMatch === 1 ? "good" : "neutral"}>{exactMatch === 1 ? "right" : "wrong"}</Badge>
      ),
  },
  { id: "reward", label: "Reward", widthRem: 6, align: "end", cell: ({ reward }) => formatNumber(reward, 2) },
  {
    id: "ending",
    label: "Ended",
    hint: "Why it stopped by itself, or at which boundary it failed.",
    widthRem: 9,
    cell: ({ ending }) => <EndingBadge ending={ending} />,
  },
  {
    id: "gold",
    label: "Gold shown",
    hint: "Whether its searches showed a gold record.",
    widthRem: 7,
    cell: ({ foundGold }) => (foundGold === null ? noValue : foundGold ? "yes" : "no"),
  },
  {
    id: "queries",
    label: "Queries",
    widthRem: 18,
    cell: ({ queries }) => (queries.length === 0 ? noValue : queries.join(" · ")),
  },
  { id: "searches", label: "Searches", widthRem: 6, align: "end", cell: ({ searches }) => formatCount(searches) },
  {
    id: "tokens",
    label: "Tokens",
    widthRem: 6,
    align: "end",
    cell: ({ sampledTokens }) => formatCompact(sampledTokens),
  },
  { id: "duration", label: "Took", widthRem: 7, align: "end", cell: ({ durationMs }) => formatDuration(durationMs) },
];
