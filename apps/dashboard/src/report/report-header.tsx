import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { PageHeader } from "../components/layout/page-header.tsx";
import { StatusBadge } from "../components/layout/status-badge.tsx";
import { RecordText } from "../components/record/record-text.tsx";
import { Hash } from "../components/text/hash.tsx";
import { Time } from "../components/text/time.tsx";
import { runLabel } from "../format/run-label.ts";
import styles from "./report.module.css";

/** Which run the report is of, and how it stands. */
export function ReportHeader({ run }: Pick<RunView, "run">): ReactNode {
  return (
    <div className={styles.header}>
      <PageHeader
        overline="Litmus run report"
        title={<RecordText text={runLabel(run.name, run.id)} />}
        meta={
          <>
            <StatusBadge status={run.status} />
            {run.seed !== null && <span>seed {run.seed}</span>}
            <span>
              run <code>{run.id}</code>
            </span>
            <span>
              begun <Time iso={run.createdAt} />
            </span>
            {run.finishedAt !== null && (
              <span>
                ended <Time iso={run.finishedAt} />
              </span>
            )}
            <span>
              config <Hash value={run.configHash} label="the config" />
            </span>
          </>
        }
      />
      {run.status !== "finished" && (
        <p className={styles.nothing}>This run is {run.status}: the report shows what is stored so far.</p>
      )}
    </div>
  );
}
