import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { EndingBadge } from "../../components/attempts/ending-badge.tsx";
import { Panel } from "../../components/layout/panel.tsx";
import { LongText } from "../../components/record/long-text.tsx";
import { RecordLink } from "../../components/record/record-link.tsx";
import { RecordText } from "../../components/record/record-text.tsx";
import { formatDuration } from "../../format/duration.ts";
import { formatCount } from "../../format/number.ts";
import type { EpisodeEnd } from "./ask-progress.ts";
import styles from "./ask.module.css";

/** The answer with what it cites, and the way to the record of it all. */
export function AnswerPanel({ end }: { readonly end: EpisodeEnd }): ReactNode {
  const { answer, citations, ending, trajectoryId, usage, durationMs } = end;
  return (
    <Panel title="Answer">
      <div className={styles.answer}>
        {answer === null ? (
          <p>There is no answer.</p>
        ) : (
          <div className={styles.words}>
            <LongText id="asked-answer" text={answer} />
          </div>
        )}
        {citations.length > 0 && (
          <ol className={styles.citations} aria-label="Citations">
            {citations.map(({ recordId, title, url, year }) => (
              <li key={recordId}>
                <RecordText text={title} /> {year !== null && <span className={styles.keys}>{year}</span>}{" "}
                <RecordLink recordId={recordId} url={url} />
              </li>
            ))}
          </ol>
        )}
        {answer !== null && citations.length === 0 && <p className={styles.keys}>It cites no record.</p>}
        <p className={styles.facts}>
          <EndingBadge ending={ending} />
          <span>{formatCount(usage.sampledTokens)} tokens sampled</span>
          <span>{formatDuration(durationMs)}</span>
          <Link to="/trajectories/$trajectoryId" params={{ trajectoryId }}>
            Open the trajectory
          </Link>
        </p>
      </div>
    </Panel>
  );
}
