import type { ReactNode } from "react";
import { ShortText } from "../record/short-text.tsx";
import styles from "./attempts.module.css";

export interface AnswerTextProps {
  readonly answer: string | null;
  /** Characters shown at most. */
  readonly limit?: number;
}

/** An answer in a list, cut where it is long; a word in place of none. */
export function AnswerText({ answer, limit = 160 }: AnswerTextProps): ReactNode {
  if (answer === null) return <span className={styles.none}>no answer</span>;
  return <ShortText text={answer} limit={limit} />;
}
