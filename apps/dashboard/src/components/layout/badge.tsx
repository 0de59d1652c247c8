import type { ReactNode } from "react";
import { joinClasses } from "../../style/join-classes.ts";
import styles from "./badge.module.css";

export type Tone = "neutral" | "good" | "caution" | "bad" | "info" | "gold";

export interface BadgeProps {
  readonly tone?: Tone;
  /** Why it is there, on hover. */
  readonly title?: string;
  readonly children: ReactNode;
}

/** A word that classifies what it stands beside; the word says it, the colour repeats it. */
export function Badge({ tone = "neutral", title, children }: BadgeProps): ReactNode {
  return (
    <span className={joinClasses(styles.badge, styles[tone])} title={title}>
      {children}
    </span>
  );
}
