import type { ReactNode } from "react";
import { ShortText } from "../record/short-text.tsx";
import styles from "./attempts.module.css";

const most = 3;

/** The first queries of an attempt, and how many more there are. */
export function QueryList({ queries }: { readonly queries: readonly string[] }): ReactNode {
  if (queries.length === 0) return <span className={styles.none}>none</span>;
  return (
    <ol>
      {queries.slice(0, most).map((query, turn) => (
        // A query may come again: its turn is its name.
        <li key={turn}>
          <ShortText text={query} />
        </li>
      ))}
      {queries.length > most && <li className={styles.none}>and {queries.length - most} more</li>}
    </ol>
  );
}
