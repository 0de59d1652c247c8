import type { RunView } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { GainBadge } from "../../../components/layout/gain-badge.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { useOnPaper } from "../../../state/on-paper.tsx";
import styles from "./run-verdict.module.css";

type Gain = RunView["gains"][number];

/** Whether the run learned, in sentences with their intervals, and what its numbers do not say. */
export function RunVerdict({ view }: { readonly view: RunView }): ReactNode {
  const { run, gains, limits, evaluations } = view;
  const isOnPaper = useOnPaper();
  if (gains.length === 0 && limits.length === 0) return null;
  return (
    <Panel title="Did it learn?">
      <ul className={styles.sentences}>
        {gains.map((gain) => (
          <li key={`${gain.from}:${gain.to}:${gain.measure}`} className={styles.sentence}>
            <GainBadge {...gain} />
            <p className={styles.words}>
              {gain.sentence}
              {!isOnPaper && (
                <>
                  {" "}
                  <Link
                    to="/compare"
                    search={{ runs: [run.id], ...sidesOf(gain, run.id, evaluations) }}
                    className={styles.link ?? ""}
                  >
                    Question by question
                  </Link>
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
      {limits.length > 0 && (
        <ul className={styles.limits} aria-label="Limits">
          {limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** The two evaluations as the comparison names them; empty where the gain names a stage without one. */
function sidesOf(
  { from, to, measure }: Gain,
  runId: string,
  evaluations: RunView["evaluations"],
): { readonly from: string; readonly to: string; readonly measure: Gain["measure"] } {
  const idOf = (stage: string): string => {
    const last = evaluations.findLast((evaluation) => evaluation.stage === stage);
    return last === undefined ? "" : `${runId}:${stage}:${last.step}`;
  };
  return { from: idOf(from), to: idOf(to), measure };
}
