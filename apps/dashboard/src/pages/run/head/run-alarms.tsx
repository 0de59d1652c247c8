import type { Alarm } from "@litmus/api";
import type { ReactNode } from "react";
import { Badge } from "../../../components/layout/badge.tsx";
import type { Tone } from "../../../components/layout/badge.tsx";
import { Icon } from "../../../components/text/icon.tsx";
import type { IconName } from "../../../components/text/icon.tsx";
import { PageLink } from "../../../components/text/page-link.tsx";
import { formatCount } from "../../../format/number.ts";
import styles from "./run-alarms.module.css";

const looks: Record<Alarm["severity"], { readonly tone: Tone; readonly icon: IconName; readonly rank: number }> = {
  critical: { tone: "bad", icon: "warning", rank: 0 },
  warning: { tone: "caution", icon: "warning", rank: 1 },
  note: { tone: "info", icon: "info", rank: 2 },
};

export interface RunAlarmsProps {
  readonly runId: string;
  readonly alarms: readonly Alarm[];
}

/** What is wrong with a run, in words, the gravest first; each leads to the trajectories of the step it was seen at. */
export function RunAlarms({ runId, alarms }: RunAlarmsProps): ReactNode {
  if (alarms.length === 0) return null;
  const sorted = alarms.toSorted((a, b) => looks[a.severity].rank - looks[b.severity].rank);
  return (
    <section aria-label="Alarms">
      <ul className={styles.alarms}>
        {sorted.map((alarm) => (
          <li
            key={`${alarm.name}:${alarm.stage}:${alarm.step}`}
            className={styles.alarm}
            data-severity={alarm.severity}
          >
            <Icon name={looks[alarm.severity].icon} />
            <div className={styles.words}>
              <p>{alarm.message}</p>
              <p className={styles.place}>
                <Badge tone={looks[alarm.severity].tone}>{alarm.severity}</Badge>
                <code>{alarm.name}</code>
                <PageLink
                  to="/runs/$runId"
                  params={{ runId }}
                  search={{ tab: "trajectories", stage: alarm.stage, step: alarm.step }}
                >
                  {alarm.stage}, step {formatCount(alarm.step)}
                </PageLink>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
