import type { ReactNode } from "react";
import { formatCount } from "../../format/number.ts";
import { useKeptState } from "../../state/kept-state.tsx";
import { useOnPaper } from "../../state/on-paper.tsx";
import { cutText } from "./cut-text.ts";
import styles from "./record.module.css";
import { RecordText } from "./record-text.tsx";
import { hasWords } from "./split-by-words.ts";

export interface LongTextProps {
  readonly text: string;
  /** Unique on the page: under it is kept whether the text is open. */
  readonly id: string;
  /** Words to mark; a text that holds them beyond its cut is open. */
  readonly find?: string;
  /** Characters shown while it is closed. */
  readonly limit?: number;
  /** Whether it is in a fixed pitch, as code and raw output are. */
  readonly isCode?: boolean;
}

/** A text is cut only where at least so many characters are saved. */
const worthHiding = 80;

/** A block of text that somebody else wrote, its lines as they were; the end of a long one is shown on demand. */
export function LongText({ text, id, find = "", limit = 600, isCode = false }: LongTextProps): ReactNode {
  const [isOpen, setOpen] = useKeptState(id, false);
  const isLong = text.length > limit + worthHiding;
  const isOnPaper = useOnPaper();
  if (isLong && isOnPaper) return <FoldedText {...{ text, limit, isCode }} />;
  const isShownWhole = !isLong || isOpen || hasWords(text.slice(limit), find);
  return (
    <div className={styles.long}>
      <p className={styles.block} data-code={isCode}>
        <RecordText text={isShownWhole ? text : `${cutText(text, limit)}…`} find={find} />
      </p>
      {isLong && (
        <button type="button" className={styles.more} aria-expanded={isShownWhole} onClick={() => setOpen(!isOpen)}>
          {isShownWhole ? "Show less" : `Show all ${formatCount(text.length)} characters`}
        </button>
      )}
    </div>
  );
}

/** The same without a script: the browser itself opens it. */
function FoldedText({ text, limit, isCode }: Required<Pick<LongTextProps, "text" | "limit" | "isCode">>): ReactNode {
  return (
    <details className={styles.folded}>
      <summary>
        <span className={styles.block} data-code={isCode}>
          <RecordText text={`${cutText(text, limit)}…`} />
        </span>
        <span className={styles.more}>All {formatCount(text.length)} characters</span>
      </summary>
      <p className={styles.block} data-code={isCode}>
        <RecordText text={text} />
      </p>
    </details>
  );
}
