import type { ReactNode } from "react";
import { RecordText } from "../../../components/record/record-text.tsx";
import styles from "./compare.module.css";
import { wordDifference } from "./word-difference.ts";

export interface QueryDifferenceProps {
  /** Null where nothing was searched. */
  readonly first: string | null;
  readonly second: string | null;
}

/** How the second query differs from the first, word by word; nothing where either is missing. */
export function QueryDifference({ first, second }: QueryDifferenceProps): ReactNode {
  if (first === null || second === null) return null;
  if (first === second) return <p className={styles.same}>The same query</p>;
  return (
    <p className={styles.words}>
      <span className={styles.label}>Query A → B </span>
      {wordDifference(first, second).map(({ type, words }, place) => {
        const text = <RecordText text={words.join(" ")} />;
        // Runs have no other name than their place.
        if (type === "removed") return <del key={place}>{text}</del>;
        if (type === "added") return <ins key={place}>{text}</ins>;
        return <span key={place}>{text}</span>;
      })}
    </p>
  );
}
