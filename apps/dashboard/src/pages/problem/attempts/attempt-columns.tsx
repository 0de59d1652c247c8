import type { Attempt } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import { AnswerText } from "../../../components/attempts/answer-text.tsx";
import { attemptFacts } from "../../../components/attempts/attempt-facts.tsx";
import { QueryList } from "../../../components/attempts/query-list.tsx";
import { Badge } from "../../../components/layout/badge.tsx";
import type { Column } from "../../../components/table/column.ts";

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
  { ...attemptFacts.reward, isSortable: true, firstOrder: "descending" },
  attemptFacts.ending,
  {
    id: "queries",
    label: "Queries",
    widthRem: 14.5,
    isWrapping: true,
    cell: ({ queries }) => <QueryList queries={queries} />,
  },
  attemptFacts.foundGold,
  { ...attemptFacts.searches, isSortable: true },
  { ...attemptFacts.sampledTokens, isSortable: true },
  { ...attemptFacts.durationMs, isSortable: true },
];
