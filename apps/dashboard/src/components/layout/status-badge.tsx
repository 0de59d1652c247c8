import type { RunStatus } from "@litmus/core";
import type { ReactNode } from "react";
import { Badge } from "./badge.tsx";
import type { Tone } from "./badge.tsx";
import styles from "./badge.module.css";

const tones: Record<RunStatus, Tone> = { running: "info", interrupted: "caution", failed: "bad", finished: "good" };

/** The state of a run: a word, a colour, and a form of dot for each. */
export function StatusBadge({ status }: { readonly status: RunStatus }): ReactNode {
  return (
    <Badge tone={tones[status]}>
      <span className={styles.dot} data-status={status} />
      {status}
    </Badge>
  );
}
