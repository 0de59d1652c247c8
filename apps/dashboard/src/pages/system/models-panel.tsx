import type { SystemView } from "@litmus/api";
import type { ReactNode } from "react";
import { Panel } from "../../components/layout/panel.tsx";
import type { Column } from "../../components/table/column.ts";
import { DataTable } from "../../components/table/data-table.tsx";
import { Hash } from "../../components/text/hash.tsx";
import { formatCount, noValue } from "../../format/number.ts";

type Model = SystemView["models"][number];

const columns: readonly Column<Model>[] = [
  { id: "name", label: "Model", widthRem: 22, cell: ({ name, sha256 }) => (name === "" ? sha256.slice(0, 8) : name) },
  { id: "sha256", label: "File", widthRem: 9, cell: ({ sha256 }) => <Hash value={sha256} label="the model's file" /> },
  { id: "licence", label: "Licence", widthRem: 14, cell: ({ licence }) => (licence === "" ? noValue : licence) },
  { id: "runs", label: "Runs", widthRem: 5, align: "end", cell: ({ runs }) => formatCount(runs) },
];

/** The base models that runs began with, and under which licence. */
export function ModelsPanel({ models }: Pick<SystemView, "models">): ReactNode {
  return (
    <Panel title="Models" description="The base models that runs began with." isFlush>
      <DataTable
        label="Models"
        columns={columns}
        rows={models}
        rowId={({ sha256 }) => sha256}
        empty="No run has named a model yet."
      />
    </Panel>
  );
}
