import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { formatDuration } from "../../../format/duration.ts";
import { formatCount } from "../../../format/number.ts";
import styles from "./stage-track.module.css";

export interface StageTrackProps {
  readonly stages: RunView["stages"];
  /** Name of the stage that is under way; null where none is. */
  readonly current: string | null;
}

/** The stages in their order, each as wide as its steps, filled as far as it is done. */
export function StageTrack({ stages, current }: StageTrackProps): ReactNode {
  if (stages.length === 0) return null;
  return (
    <ol className={styles.track} aria-label="Stages">
      {stages.map(({ name, type, steps, done, seconds }) => (
        <li
          key={name}
          className={styles.stage}
          style={{ flexGrow: Math.max(steps, 1) }}
          aria-current={name === current ? "step" : undefined}
        >
          <p className={styles.name}>
            <span>{name}</span>
            {type !== name && <span className={styles.type}>{type}</span>}
          </p>
          <progress className={styles.bar} value={done} max={Math.max(steps, 1)} aria-label={`Stage ${name}`} />
          <p className={styles.count}>
            {formatCount(done)} of {formatCount(steps)} steps
            {seconds > 0 && ` · ${formatDuration(seconds * 1000)}`}
          </p>
        </li>
      ))}
    </ol>
  );
}
