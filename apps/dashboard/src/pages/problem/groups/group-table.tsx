import type { ProblemView } from "@litmus/api";
import type { ReactNode } from "react";
import type { Column } from "../../../components/table/column.ts";
import { DataTable } from "../../../components/table/data-table.tsx";
import { formatCount, formatNumber } from "../../../format/number.ts";

type Group = ProblemView["groups"][number];

const columns: readonly Column<Group>[] = [
  { id: "runStep", label: "Step of the run", widthRem: 8, cell: ({ runStep }) => formatCount(runStep) },
  { id: "stage", label: "Stage", widthRem: 7, cell: ({ stage }) => stage },
  { id: "step", label: "Step", widthRem: 5, align: "end", cell: ({ step }) => formatCount(step) },
  { id: "purpose", label: "Purpose", widthRem: 9, cell: ({ purpose }) => purpose },
  { id: "mean", label: "Mean reward", widthRem: 8, align: "end", cell: ({ mean }) => formatNumber(mean, 2) },
  {
    id: "rewards",
    label: "Rewards of its members",
    widthRem: 18,
    isWrapping: true,
    cell: ({ rewards }) => rewards.map((reward) => formatNumber(reward, 2)).join("  "),
  },
  { id: "failed", label: "Failed", widthRem: 5, align: "end", cell: ({ failed }) => formatCount(failed) },
];

/** The numbers of the chart. */
export function GroupTable({ groups }: { readonly groups: readonly Group[] }): ReactNode {
  return (
    <DataTable
      label="Groups over the run"
      columns={columns}
      rows={groups}
      rowId={({ stage, step, purpose, group }) => `${stage} ${step} ${purpose} ${group}`}
    />
  );
}
