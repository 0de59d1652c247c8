import type { Leaderboard } from "@litmus/api";
import type { ReactNode } from "react";
import { Panel } from "../../components/layout/panel.tsx";
import { conclusions } from "./conclusions.ts";
import styles from "./leaderboard.module.css";

/** What may be concluded, in words. */
export function ConclusionsPanel({ board }: { readonly board: Leaderboard }): ReactNode {
  return (
    <Panel title="What can be concluded">
      <ul className={styles.conclusions}>
        {conclusions(board).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        <li>Scores are for research, never for clinical advice.</li>
      </ul>
    </Panel>
  );
}
