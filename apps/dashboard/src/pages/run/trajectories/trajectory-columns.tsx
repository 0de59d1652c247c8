import type { Attempt } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import { attemptFacts } from "../../../components/attempts/attempt-facts.tsx";
import { Badge } from "../../../components/layout/badge.tsx";
import type { Column } from "../../../components/table/column.ts";
import { formatCount, noValue } from "../../../format/number.ts";
import { visibleText } from "../../../format/visible-text.ts";

/** A run's trajectories; the question leads to each. */
export const trajectoryColumns: readonly Column<Attempt>[] = [
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
  attemptFacts.reward,
  attemptFacts.ending,
  attemptFacts.foundGold,
  {
    id: "queries",
    label: "Queries",
    widthRem: 18,
    cell: ({ queries }) => (queries.length === 0 ? noValue : queries.join(" · ")),
  },
  attemptFacts.searches,
  attemptFacts.sampledTokens,
  attemptFacts.durationMs,
];
