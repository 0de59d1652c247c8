import type { RewardCard as Reward, Ending } from "@litmus/api";
import type { ReactNode } from "react";
import { endingSentence } from "../../../components/attempts/ending.ts";
import { Panel } from "../../../components/layout/panel.tsx";
import { RecordText } from "../../../components/record/record-text.tsx";
import { ComponentTable } from "./component-table.tsx";
import styles from "./reward.module.css";
import { Verdict } from "./verdict.tsx";

export interface RewardCardProps {
  /** Null where nothing was scored. */
  readonly reward: Reward | null;
  readonly ending: Ending;
}

/** Why the trajectory has this reward: what was compared with what, and the rule that decided. */
export function RewardCard({ reward, ending }: RewardCardProps): ReactNode {
  if (reward === null)
    return (
      <Panel title="Reward">
        <p>
          Not scored: a failed episode has no reward. <RecordText text={endingSentence(ending)} />.
        </p>
      </Panel>
    );
  return (
    <Panel
      title="Reward"
      description={
        <>
          Decided by scorer <RecordText text={reward.scorer} />
        </>
      }
    >
      <div className={styles.card}>
        <ComponentTable components={reward.components} total={reward.total} />
        {reward.verdict === null ? (
          <p className={styles.missing}>
            <RecordText text={reward.verdictMissing ?? "Why it was decided so is not known."} />
          </p>
        ) : (
          <Verdict verdict={reward.verdict} />
        )}
      </div>
    </Panel>
  );
}
