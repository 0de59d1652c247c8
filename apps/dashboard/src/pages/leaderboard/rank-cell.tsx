import type { LeaderboardEntry } from "@litmus/api";
import type { ReactNode } from "react";
import styles from "./leaderboard.module.css";
import { rankText, unrankedWords } from "./policy-name.ts";

/** The rank, or a dash and why there is none. */
export function RankCell({ entry }: { readonly entry: LeaderboardEntry }): ReactNode {
  return (
    <>
      <span className={styles.rank}>{rankText(entry)}</span>
      {entry.unranked !== null && <span className={styles.detail}> {unrankedWords[entry.unranked]}</span>}
    </>
  );
}
