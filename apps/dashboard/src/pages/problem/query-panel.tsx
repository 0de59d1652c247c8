import type { ProblemView } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Panel } from "../../components/layout/panel.tsx";
import { ShortText } from "../../components/record/short-text.tsx";
import type { Column } from "../../components/table/column.ts";
import { DataTable } from "../../components/table/data-table.tsx";
import { formatCount, formatNumber, noValue } from "../../format/number.ts";

type TriedQuery = ProblemView["queries"][number];

const columns: readonly Column<TriedQuery>[] = [
  {
    id: "query",
    label: "Query",
    widthRem: 22,
    isWrapping: true,
    cell: ({ query, example }) => (
      <Link to="/trajectories/$trajectoryId" params={{ trajectoryId: example }} search={{ find: query.slice(0, 200) }}>
        <ShortText text={query} limit={200} />
      </Link>
    ),
  },
  { id: "count", label: "Tried", widthRem: 5, align: "end", cell: ({ count }) => formatCount(count) },
  {
    id: "foundGold",
    label: "Found gold",
    hint: "Searches with this query that showed a gold record.",
    widthRem: 8,
    align: "end",
    cell: ({ foundGold, count }) =>
      foundGold === null ? noValue : `${formatCount(foundGold)} of ${formatCount(count)}`,
  },
  {
    id: "meanReward",
    label: "Mean reward",
    hint: "Of the trajectories that tried it.",
    widthRem: 8,
    align: "end",
    cell: ({ meanReward }) => formatNumber(meanReward, 2),
  },
  { id: "firstStep", label: "First step", widthRem: 6, align: "end", cell: ({ firstStep }) => formatCount(firstStep) },
  { id: "lastStep", label: "Last step", widthRem: 6, align: "end", cell: ({ lastStep }) => formatCount(lastStep) },
];

/** What was searched for to answer the question, most often first; each leads to a trajectory that tried it. */
export function QueryPanel({ queries }: { readonly queries: readonly TriedQuery[] }): ReactNode {
  return (
    <Panel title={`Queries tried (${formatCount(queries.length)})`} isFlush>
      <DataTable
        label="Queries tried"
        columns={columns}
        rows={queries}
        rowId={({ query }) => query}
        empty="No attempt has searched."
      />
    </Panel>
  );
}
