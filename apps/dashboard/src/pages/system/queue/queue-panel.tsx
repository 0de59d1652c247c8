import type { SystemView } from "@litmus/api";
import type { ReactNode } from "react";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { Stat, StatList } from "../../../components/layout/stat.tsx";
import { DataTable } from "../../../components/table/data-table.tsx";
import { CodeBlock } from "../../../components/text/code-block.tsx";
import { Icon } from "../../../components/text/icon.tsx";
import { formatCount } from "../../../format/number.ts";
import { useNow } from "../../../state/use-now.ts";
import styles from "../system.module.css";
import { deadJobColumns } from "./dead-job-columns.tsx";
import { workerColumns } from "./worker-columns.tsx";

type Queue = NonNullable<SystemView["queue"]>;

/** The queue of rollouts and who works on it, or why there is none to see. */
export function QueuePanel({ queue, queueError }: Pick<SystemView, "queue" | "queueError">): ReactNode {
  if (queue !== null) return <Workers queue={queue} />;
  return (
    <Panel title="Queue and workers">{queueError === null ? <Embedded /> : <Unanswered reason={queueError} />}</Panel>
  );
}

function Embedded(): ReactNode {
  return (
    <EmptyState title="No queue: rollouts are made in the training process">
      <p>
        This is the embedded profile, which needs no other server. To make trajectories on several machines, an
        experiment names Redis and Postgres, and workers join it:
      </p>
      <CodeBlock label="the command that starts a worker" text="npx litmus worker <config>" />
    </EmptyState>
  );
}

function Unanswered({ reason }: { readonly reason: string }): ReactNode {
  return (
    <div role="alert">
      <p className={styles.warning}>
        <Icon name="warning" /> The queue does not answer: {reason}
      </p>
      <p>Check that its server runs. All else on this page is current.</p>
    </div>
  );
}

function Workers({ queue }: { readonly queue: Queue }): ReactNode {
  const now = useNow();
  const { engine, waiting, active, dead, workers, deadJobs } = queue;
  return (
    <Panel title="Queue and workers" isFlush>
      <div className={styles.stats}>
        <StatList>
          <Stat label="Waiting" value={formatCount(waiting)} detail={`groups, in ${engine}`} />
          <Stat label="Being made" value={formatCount(active)} detail="groups" />
          <Stat label="Given up" value={formatCount(dead)} detail="groups" />
          <Stat label="Workers" value={formatCount(workers.length)} />
        </StatList>
      </div>
      <DataTable
        label="Workers"
        columns={workerColumns(now)}
        rows={workers}
        rowId={({ id }) => id}
        isMain
        empty="No worker has joined. Start one with: npx litmus worker <config>"
      />
      <h3 className={styles.subheading}>Groups given up</h3>
      <DataTable
        label="Groups given up"
        columns={deadJobColumns}
        rows={deadJobs}
        rowId={({ id }) => id}
        empty="No group was given up."
      />
    </Panel>
  );
}
