import type { ReactNode } from "react";
import { relativeTime } from "../../format/relative-time.ts";
import { useConnection } from "../../live/connection.tsx";
import type { LiveStatus } from "../../live/live-updates.ts";
import { useNow } from "../../state/use-now.ts";
import styles from "./shell.module.css";

const meanings: Record<LiveStatus, string> = {
  connecting: "Connecting to the server",
  live: "The server tells of every change at once",
  polling: "No live stream: the server is asked every 5 seconds",
  offline: "The server does not answer; what is shown may be old",
};

/** Whether what is shown is current. Only a change of its state is spoken, not its age. */
export function ConnectionBadge(): ReactNode {
  const { status, updatedAtMs } = useConnection();
  return (
    <span className={styles.connection} title={meanings[status]} data-testid="connection">
      <span className={styles.dot} data-status={status} />
      <span className={styles.word} role="status">
        {status}
      </span>
      {updatedAtMs !== null && <Age sinceMs={updatedAtMs} />}
    </span>
  );
}

function Age({ sinceMs }: { readonly sinceMs: number }): ReactNode {
  const now = useNow();
  return <span className={styles.age}>· updated {relativeTime(sinceMs, now)}</span>;
}
