import type { ReactNode } from "react";
import { ErrorState } from "../../components/layout/error-state.tsx";
import { LongText } from "../../components/record/long-text.tsx";
import { RecordText } from "../../components/record/record-text.tsx";
import { TurnCard } from "../../components/turns/turn-card.tsx";
import { Icon } from "../../components/text/icon.tsx";
import { AnswerPanel } from "./answer-panel.tsx";
import type { AskProgress, OpenTurn } from "./ask-progress.ts";
import styles from "./ask.module.css";

/** The episode as it comes: its turns, the one being made, and the answer above them once it is there. */
export function AskProgressView({ progress }: { readonly progress: AskProgress }): ReactNode {
  const { phase, status, turns, open, end, error } = progress;
  const isBusy = phase === "loading" || phase === "working";
  const urls = new Map(turns.flatMap(({ search }) => (search?.hits ?? []).map((hit) => [hit.recordId, hit.url])));
  return (
    <section className={styles.episode} aria-label="The episode" aria-busy={isBusy}>
      <p className={styles.status} role="status">
        {isBusy && <span className={styles.pulse} aria-hidden="true" />}
        {status}
      </p>
      {phase === "failed" && <ErrorState error={error} />}
      {end !== null && <AnswerPanel end={end} />}
      <ol className={styles.turns} aria-label="Turns">
        {turns.map((turn) => (
          <li key={turn.index}>
            <TurnCard turn={turn} urlOf={(recordId) => urls.get(recordId) ?? null} />
          </li>
        ))}
        {open !== null && (
          <li>
            <OpenTurnCard turn={open} />
          </li>
        )}
      </ol>
    </section>
  );
}

function OpenTurnCard({ turn: { index, text, query } }: { readonly turn: OpenTurn }): ReactNode {
  return (
    <div className={styles.open}>
      <h3>Turn {index + 1}</h3>
      {text !== null && <LongText id={`open-${index}`} text={text} isCode />}
      <p className={styles.status}>
        {query === null ? (
          "The policy writes…"
        ) : (
          <>
            <Icon name="search" /> Searching for <RecordText text={query} />
          </>
        )}
      </p>
    </div>
  );
}
