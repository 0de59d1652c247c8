import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import type { Column } from "../../../components/table/column.ts";
import { DataTable } from "../../../components/table/data-table.tsx";
import { PageLink } from "../../../components/text/page-link.tsx";
import { noValue } from "../../../format/number.ts";
import { runLabel } from "../../../format/run-label.ts";
import styles from "./config.module.css";

type Config = RunView["config"];

/** The keys in which two configs differ. */
export function DifferenceTable({ parent, differences }: Pick<Config, "parent" | "differences">): ReactNode {
  return (
    <DataTable
      label="Config differences"
      columns={columns}
      rows={differences}
      rowId={({ path }) => path}
      empty={
        <EmptyState title="No difference">
          {parent === null ? "There is no other config to compare this one with." : "Both runs have the same config."}
        </EmptyState>
      }
    />
  );
}

/** What the config is compared with, and why with that. */
export function Against({ parent }: Pick<Config, "parent">): ReactNode {
  if (parent === null) return "There is no run before it to differ from.";
  return (
    <>
      Against{" "}
      <PageLink to="/runs/$runId" params={{ runId: parent.run.id }} search={{ tab: "config" }}>
        {runLabel(parent.run.name, parent.run.id)}
      </PageLink>
      : {parent.reason}
    </>
  );
}

const columns: readonly Column<Config["differences"][number]>[] = [
  { id: "path", label: "Key", widthRem: 16, isWrapping: true, cell: ({ path }) => <code>{path}</code> },
  { id: "before", label: "There", widthRem: 14, isWrapping: true, cell: ({ before }) => before ?? noValue },
  {
    id: "after",
    label: "Here",
    widthRem: 14,
    isWrapping: true,
    cell: ({ after }) => (after === null ? noValue : <strong className={styles.here}>{after}</strong>),
  },
];
