import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import type { Column } from "../../../components/table/column.ts";
import { DataTable } from "../../../components/table/data-table.tsx";

type Leaf = RunView["config"]["leaves"][number];

/** Keys of a config with their values. */
export function LeafTable({ leaves }: { readonly leaves: readonly Leaf[] }): ReactNode {
  return (
    <DataTable
      label="Config"
      columns={columns}
      rows={leaves}
      rowId={({ path }) => path}
      empty={<EmptyState title="No such key or value">Fewer words find more.</EmptyState>}
    />
  );
}

const columns: readonly Column<Leaf>[] = [
  { id: "path", label: "Key", widthRem: 16, isWrapping: true, cell: ({ path }) => <code>{path}</code> },
  { id: "value", label: "Value", widthRem: 22, isWrapping: true, cell: ({ value }) => value },
];
