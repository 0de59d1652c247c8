import type { RewardCard } from "@litmus/api";
import type { ReactNode } from "react";
import { Badge } from "../../../components/layout/badge.tsx";
import { LongText } from "../../../components/record/long-text.tsx";
import { RecordText } from "../../../components/record/record-text.tsx";
import styles from "./reward.module.css";

export interface VerdictProps {
  readonly verdict: NonNullable<RewardCard["verdict"]>;
}

/** The span that was scored, what became of it, and what it was held against. */
export function Verdict({ verdict }: VerdictProps): ReactNode {
  const { rule, sentence, scoredSpan, normalForm, matched, golden } = verdict;
  return (
    <div className={styles.verdict}>
      <p className={styles.rule}>
        <Badge tone={rule === "match" ? "good" : "bad"}>{rule.replaceAll("-", " ")}</Badge>{" "}
        <RecordText text={sentence} />
      </p>
      <dl className={styles.steps}>
        <div>
          <dt>Scored span</dt>
          <dd>
            <LongText id="scored-span" text={scoredSpan} limit={300} isCode />
          </dd>
        </div>
        <div>
          <dt>Normal form</dt>
          <dd>
            <LongText id="normal-form" text={normalForm} limit={300} isCode />
          </dd>
        </div>
      </dl>
      <p className={styles.label}>Golden answers and their normal forms</p>
      <ul className={styles.golden}>
        {golden.map(({ text, normalForm: form }) => (
          <li key={text} data-matched={text === matched}>
            <RecordText text={text} />
            <code>
              <RecordText text={form} />
            </code>
            {text === matched && <Badge tone="good">matched</Badge>}
          </li>
        ))}
      </ul>
    </div>
  );
}
