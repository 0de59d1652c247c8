import type { SystemView } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Panel } from "../../components/layout/panel.tsx";
import type { Column } from "../../components/table/column.ts";
import { DataTable } from "../../components/table/data-table.tsx";
import { formatCount } from "../../format/number.ts";

type Failure = SystemView["failures"][number];

export interface FailuresPanelProps {
  readonly failures: SystemView["failures"];
  /** All that are stored. */
  readonly trajectories: number;
}

const nameOf = ({ boundary, code }: Pick<Failure, "boundary" | "code">): string => `${boundary}/${code}`;

const columns: readonly Column<Failure>[] = [
  {
    id: "failure",
    label: "Boundary / code",
    widthRem: 16,
    cell: (failure) => (
      <Link
        to="/runs/$runId"
        params={{ runId: failure.runId }}
        search={{ tab: "trajectories", failure: nameOf(failure) }}
        title={`Examples in ${failure.runId}`}
      >
        {nameOf(failure)}
      </Link>
    ),
  },
  { id: "count", label: "Failed", widthRem: 6, align: "end", cell: ({ count }) => formatCount(count) },
  { id: "message", label: "Message of one", widthRem: 34, isWrapping: true, cell: ({ example }) => example },
  {
    id: "run",
    label: "Newest run with it",
    widthRem: 14,
    cell: ({ runId }) => (
      <Link to="/runs/$runId" params={{ runId }} search={{ tab: "failures" }}>
        {runId}
      </Link>
    ),
  },
];

/** What failed in all runs, by the boundary it crossed; each leads to examples. */
export function FailuresPanel({ failures, trajectories }: FailuresPanelProps): ReactNode {
  return (
    <Panel
      title="Failures by boundary"
      description="Failed episodes are counted, never scored. A name leads to examples in the newest run that has them."
      isFlush
    >
      <DataTable
        label="Failures by boundary"
        columns={columns}
        rows={failures}
        rowId={nameOf}
        empty={trajectories === 0 ? "There is no trajectory yet." : "Nothing failed."}
      />
    </Panel>
  );
}
