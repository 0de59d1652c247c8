import type { TurnView } from "@litmus/api";
import { useId } from "react";
import type { ReactNode } from "react";
import { counted } from "../../format/counted.ts";
import { Badge } from "../layout/badge.tsx";
import type { Tone } from "../layout/badge.tsx";
import { LongText } from "../record/long-text.tsx";
import { ActionView } from "./action-view.tsx";
import { SearchCard } from "./search-card.tsx";
import styles from "./turns.module.css";

export interface TurnCardProps {
  readonly turn: TurnView;
  /** Where a record stands at PubMed; null where it does not. */
  readonly urlOf: (recordId: string) => string | null;
  /** Hash of the index that its search asked, where it is known. */
  readonly indexId?: string;
  /** Words to mark. */
  readonly find?: string;
  /** Whether the address points at it. */
  readonly isMarked?: boolean;
  /** What can be done with it: a link to it, for one. */
  readonly tools?: ReactNode;
}

const tones: Record<TurnView["action"]["type"], Tone> = { search: "info", answer: "good", malformed: "caution" };

/** One turn of an episode: what the policy thought and did, and what the environment replied. Turns are counted from 1. */
export function TurnCard({ turn, urlOf, indexId, find = "", isMarked = false, tools }: TurnCardProps): ReactNode {
  const { index, thought, action, actionText, sampledTokens, search } = turn;
  const titleId = useId();
  return (
    <article className={styles.turn} data-marked={isMarked} aria-labelledby={titleId}>
      <header className={styles.head}>
        <h3 id={titleId} className={styles.number}>
          Turn {index + 1}
        </h3>
        <Badge tone={tones[action.type]}>{action.type}</Badge>
        <span className={styles.count}>{counted(sampledTokens, "token")} sampled</span>
        {tools}
      </header>
      {thought !== "" && (
        <div className={styles.thought}>
          <p className={styles.label}>Thought</p>
          <LongText id={`turn-${index + 1}-thought`} text={thought} find={find} />
        </div>
      )}
      <ActionView turn={turn} urlOf={urlOf} find={find} />
      {search !== null && <SearchCard search={search} turn={index + 1} indexId={indexId} find={find} />}
      <details className={styles.raw}>
        <summary>As it was sampled</summary>
        <LongText id={`turn-${index + 1}-raw`} text={actionText} find={find} limit={2000} isCode />
      </details>
    </article>
  );
}
