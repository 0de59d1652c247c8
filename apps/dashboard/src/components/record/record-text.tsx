import type { ReactNode } from "react";
import styles from "./record.module.css";
import { splitByWords } from "./split-by-words.ts";

export interface RecordTextProps {
  readonly text: string;
  /** Words to mark in it. */
  readonly find?: string;
}

/**
 * A text that somebody else wrote: a model, a record, a config. It stays text, its writing direction stays its own, and it breaks
 * wherever it must so that it never widens the page.
 */
export function RecordText({ text, find = "" }: RecordTextProps): ReactNode {
  return (
    <bdi className={styles.text}>
      {splitByWords(text, find).map((piece, place) =>
        // Pieces have no other name than their place.
        piece.isFound ? <mark key={place}>{piece.text}</mark> : piece.text,
      )}
    </bdi>
  );
}
