import type { ProblemView } from "@litmus/api";
import type { ReactNode } from "react";
import { EmptyState } from "../../components/layout/empty-state.tsx";
import { Panel } from "../../components/layout/panel.tsx";
import { StatusBadge } from "../../components/layout/status-badge.tsx";
import { ShortText } from "../../components/record/short-text.tsx";
import type { Column } from "../../components/table/column.ts";
import { DataTable } from "../../components/table/data-table.tsx";
import { PageLink } from "../../components/text/page-link.tsx";
import { formatCount, formatPercent } from "../../format/number.ts";

type OtherRun = ProblemView["otherRuns"][number];

export interface OtherRunsProps {
  readonly otherRuns: readonly OtherRun[];
  readonly problemId: string;
}

const columns = (problemId: string): Column<OtherRun>[] => [
  {
    id: "run",
    label: "Run",
    widthRem: 18,
    cell: ({ run }) => (
      <PageLink to="/runs/$runId/problems/$problemId" params={{ runId: run.id, problemId }}>
        <ShortText text={run.name === "" ? run.id : run.name} />
      </PageLink>
    ),
  },
  { id: "status", label: "Status", widthRem: 8, cell: ({ run }) => <StatusBadge status={run.status} /> },
  { id: "attempts", label: "Attempts", widthRem: 6, align: "end", cell: ({ attempts }) => formatCount(attempts) },
  {
    id: "exactMatch",
    label: "Exact match",
    hint: "Share of its scored attempts that were right.",
    widthRem: 8,
    align: "end",
    cell: ({ exactMatch }) => formatPercent(exactMatch),
  },
  {
    id: "last",
    label: "Last attempt",
    widthRem: 8,
    cell: ({ lastTrajectoryId }) => (
      <PageLink to="/trajectories/$trajectoryId" params={{ trajectoryId: lastTrajectoryId }}>
        open
      </PageLink>
    ),
  },
];

/** Other runs that were asked the same question. */
export function OtherRuns({ otherRuns, problemId }: OtherRunsProps): ReactNode {
  return (
    <Panel title="The same question in other runs" isFlush={otherRuns.length > 0}>
      {otherRuns.length === 0 ? (
        <EmptyState title="No other run was asked this question" />
      ) : (
        <DataTable label="Other runs" columns={columns(problemId)} rows={otherRuns} rowId={({ run }) => run.id} />
      )}
    </Panel>
  );
}
