import type { TurnView } from "@litmus/api";
import type { ReactNode } from "react";
import { LongText } from "../record/long-text.tsx";
import { RecordLink } from "../record/record-link.tsx";
import { RecordText } from "../record/record-text.tsx";
import { Icon } from "../text/icon.tsx";
import styles from "./turns.module.css";

export interface ActionViewProps {
  readonly turn: TurnView;
  readonly urlOf: (recordId: string) => string | null;
  readonly find?: string;
}

/** What the policy did in a turn: a query, an answer with its citations, or nothing that could be read. */
export function ActionView({ turn: { index, action, actionText }, urlOf, find = "" }: ActionViewProps): ReactNode {
  const id = `turn-${index + 1}-action`;
  switch (action.type) {
    case "search":
      return (
        <p className={styles.query}>
          <Icon name="search" />
          <span className={styles.hidden}>Query: </span>
          <RecordText text={action.query} find={find} />
        </p>
      );
    case "answer":
      return (
        <div className={styles.answer}>
          <p className={styles.label}>Answer</p>
          <LongText id={id} text={action.answer} find={find} />
          {action.cited.length > 0 && <Cited ids={action.cited} urlOf={urlOf} />}
        </div>
      );
    case "malformed":
      return (
        <div className={styles.malformed}>
          <p>
            <Icon name="warning" /> Neither searched nor answered: <RecordText text={action.reason} />
          </p>
          <LongText id={id} text={actionText} find={find} limit={300} isCode />
        </div>
      );
    default:
      return action satisfies never;
  }
}

function Cited({
  ids,
  urlOf,
}: {
  readonly ids: readonly string[];
  readonly urlOf: ActionViewProps["urlOf"];
}): ReactNode {
  return (
    <div className={styles.cited}>
      <span className={styles.label}>Cites</span>
      <ul>
        {ids.map((recordId) => (
          <li key={recordId}>
            <RecordLink recordId={recordId} url={urlOf(recordId)} isBrief />
          </li>
        ))}
      </ul>
    </div>
  );
}
