import type { RunView } from "@litmus/api";
import type { Column } from "../../../components/table/column.ts";
import { PageLink } from "../../../components/text/page-link.tsx";
import { formatCount, formatPercent } from "../../../format/number.ts";
import styles from "./failures.module.css";

type FailureGroup = RunView["failures"][number];

export function failureColumns(runId: string): Column<FailureGroup>[] {
  return [
    {
      id: "failure",
      label: "Boundary / code",
      widthRem: 16,
      cell: ({ boundary, code }) => (
        <PageLink to="/runs/$runId" params={{ runId }} search={{ tab: "trajectories", failure: `${boundary}/${code}` }}>
          {boundary}/{code}
        </PageLink>
      ),
    },
    { id: "count", label: "Failed", widthRem: 6, align: "end", cell: ({ count }) => formatCount(count) },
    {
      id: "share",
      label: "Share",
      hint: "Of all trajectories of the run.",
      widthRem: 6,
      align: "end",
      cell: ({ share }) => formatPercent(share, 2),
    },
    { id: "message", label: "Message of one", widthRem: 26, isWrapping: true, cell: ({ message }) => message },
    {
      id: "examples",
      label: "Examples, newest first",
      widthRem: 20,
      cell: ({ boundary, code, examples }) => (
        <span className={styles.examples}>
          {examples.map((trajectoryId, i) => (
            <PageLink
              key={trajectoryId}
              to="/trajectories/$trajectoryId"
              params={{ trajectoryId }}
              aria-label={`${trajectoryId.slice(0, 6)}: example ${i + 1} of ${boundary}/${code}`}
            >
              {trajectoryId.slice(0, 6)}
            </PageLink>
          ))}
        </span>
      ),
    },
  ];
}
