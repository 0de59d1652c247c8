import type { TrajectoryView } from "@litmus/api";
import type { ReactNode } from "react";
import { endingSentence } from "../../../components/attempts/ending.ts";
import { EndingBadge } from "../../../components/attempts/ending-badge.tsx";
import { Badge } from "../../../components/layout/badge.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { Stat, StatList } from "../../../components/layout/stat.tsx";
import { LongText } from "../../../components/record/long-text.tsx";
import { RecordText } from "../../../components/record/record-text.tsx";
import { counted } from "../../../format/counted.ts";
import { formatDuration } from "../../../format/duration.ts";
import { formatCount, formatNumber, formatSigned } from "../../../format/number.ts";
import styles from "./header.module.css";

/** What was answered, what was asked for, and what it was worth. */
export function VerdictStrip({ trajectory }: { readonly trajectory: TrajectoryView }): ReactNode {
  const { answer, problem, reward, advantage, ending, usage, durationMs, turns } = trajectory;
  return (
    <Panel>
      <div className={styles.verdict}>
        <div className={styles.side}>
          <p className={styles.label}>Answer</p>
          <div className={styles.answer}>
            {answer === null ? (
              <span className={styles.none}>none</span>
            ) : (
              <LongText id="answer" text={answer} limit={200} />
            )}
            {reward !== null && <ExactMatch reward={reward} />}
          </div>
          <p className={styles.label}>Golden answers</p>
          <Golden answers={problem?.goldenAnswers ?? []} />
        </div>
        <StatList>
          <Stat
            label="Reward"
            value={reward === null ? "not scored" : formatNumber(reward.total, 2)}
            detail={advantage === null ? "no advantage known" : `advantage ${formatSigned(advantage)}`}
          />
          <Stat
            label="Ended"
            value={<EndingBadge ending={ending} />}
            detail={<RecordText text={endingSentence(ending)} />}
          />
          <Stat
            label="Turns"
            value={formatCount(turns.length)}
            detail={counted(usage.searches, "search", "searches")}
          />
          <Stat
            label="Time"
            value={formatDuration(durationMs)}
            detail={`${counted(usage.sampledTokens, "token")} sampled`}
          />
        </StatList>
      </div>
    </Panel>
  );
}

function ExactMatch({ reward }: { readonly reward: NonNullable<TrajectoryView["reward"]> }): ReactNode {
  const component = reward.components.find(({ name }) => name === "exactMatch");
  if (component === undefined) return null;
  return component.score === 1 ? <Badge tone="good">right</Badge> : <Badge tone="bad">wrong</Badge>;
}

function Golden({ answers }: { readonly answers: readonly string[] }): ReactNode {
  if (answers.length === 0) return <p className={styles.none}>not known for this question</p>;
  return (
    <ul className={styles.golden}>
      {answers.map((answer) => (
        <li key={answer}>
          <RecordText text={answer} />
        </li>
      ))}
    </ul>
  );
}
