import type { Comparison } from "@litmus/api";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { EmptyState } from "../../components/layout/empty-state.tsx";
import { Panel } from "../../components/layout/panel.tsx";
import { DataTable } from "../../components/table/data-table.tsx";
import type { Column } from "../../components/table/column.ts";
import { noValue } from "../../format/number.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { runLooks } from "./run-labels.ts";
import { compareView } from "./search.ts";

type Difference = Comparison["differences"][number];

/** The config keys in which the runs differ; what they share is left out. */
export function ConfigTable({ comparison: { runs, differences } }: { readonly comparison: Comparison }): ReactNode {
  const [{ runs: ids }] = useViewState(compareView);
  const columns = useMemo((): Column<Difference>[] => {
    const labels = new Map(runLooks(ids, runs).map(({ run, label }) => [run.id, label]));
    return [
      { id: "path", label: "Key", widthRem: 16, isWrapping: true, cell: ({ path }) => <code>{path}</code> },
      ...runs.map(({ id, name }, i): Column<Difference> => ({
        id,
        label: labels.get(id) ?? name,
        widthRem: 13,
        isWrapping: true,
        cell: ({ values }) => values[i] ?? noValue,
      })),
    ];
  }, [ids, runs]);
  return (
    <Panel title="Config differences" description="Only the keys in which the runs differ." isFlush>
      <DataTable
        label="Config differences"
        columns={columns}
        rows={differences}
        rowId={({ path }) => path}
        empty={
          <EmptyState title="No difference">
            {runs.length < 2 ? "A second run would show some." : "All runs have the same config."}
          </EmptyState>
        }
      />
    </Panel>
  );
}
