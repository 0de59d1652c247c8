import type { SystemView } from "@litmus/api";
import type { ReactNode } from "react";
import { Badge } from "../../components/layout/badge.tsx";
import { Panel } from "../../components/layout/panel.tsx";
import type { Column } from "../../components/table/column.ts";
import { DataTable } from "../../components/table/data-table.tsx";
import { Hash } from "../../components/text/hash.tsx";
import { formatCount, noValue } from "../../format/number.ts";
import styles from "./system.module.css";

type Index = SystemView["indexes"][number];

const columns: readonly Column<Index>[] = [
  { id: "name", label: "Records", widthRem: 16, cell: ({ name, id }) => (name === "" ? id : name) },
  { id: "id", label: "Index", widthRem: 9, cell: ({ id }) => <Hash value={id} label="the index" /> },
  { id: "engine", label: "Engine", widthRem: 9, cell: ({ engine }) => (engine === "" ? noValue : engine) },
  {
    id: "bm25",
    label: "BM25",
    hint: "k1: how soon a repeated word counts no more. b: how much long records are held back.",
    widthRem: 11,
    cell: ({ k1, b }) => (k1 === null || b === null ? noValue : `k1 ${k1}, b ${b}`),
  },
  {
    id: "idSpace",
    label: "Record ids",
    widthRem: 8,
    cell: ({ idSpace }) => (
      <Badge tone={idSpace === "pubmed" ? "info" : "neutral"}>{idSpace === "pubmed" ? "PMID" : "own"}</Badge>
    ),
  },
  { id: "runs", label: "Runs", widthRem: 5, align: "end", cell: ({ runs }) => formatCount(runs) },
  {
    id: "credit",
    label: "Credit",
    widthRem: 24,
    isWrapping: true,
    cell: ({ credit }) => credit ?? <span className={styles.credit}>written for this project</span>,
  },
];

/** What was searched, and whom the records are owed to. */
export function IndexesPanel({ indexes }: Pick<SystemView, "indexes">): ReactNode {
  return (
    <Panel title="Indexes" description="What the runs searched, as the newest run of each describes it." isFlush>
      <DataTable
        label="Indexes"
        columns={columns}
        rows={indexes}
        rowId={({ id }) => id}
        empty="No run has searched yet."
      />
    </Panel>
  );
}
