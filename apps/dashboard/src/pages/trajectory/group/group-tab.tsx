import type { GroupMember, TrajectoryView } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { EndingBadge } from "../../../components/attempts/ending-badge.tsx";
import { Badge } from "../../../components/layout/badge.tsx";
import { LongText } from "../../../components/record/long-text.tsx";
import { RecordText } from "../../../components/record/record-text.tsx";
import { formatCount, formatNumber, formatSigned } from "../../../format/number.ts";
import { countQueries } from "./count-queries.ts";
import styles from "./group.module.css";

/** The whole group side by side: what each member answered and which queries it tried. */
export function GroupTab({ trajectory }: { readonly trajectory: TrajectoryView }): ReactNode {
  const { group, id } = trajectory;
  const triedBy = useMemo(() => countQueries(group.map(({ queries }) => queries)), [group]);
  return (
    <ol className={styles.columns}>
      {group.map((member) => (
        <li key={member.trajectoryId}>
          <MemberColumn member={member} isCurrent={member.trajectoryId === id} triedBy={triedBy} size={group.length} />
        </li>
      ))}
    </ol>
  );
}

interface MemberColumnProps {
  readonly member: GroupMember;
  readonly isCurrent: boolean;
  /** Members that tried a query. */
  readonly triedBy: (query: string) => number;
  readonly size: number;
}

function MemberColumn({ member, isCurrent, triedBy, size }: MemberColumnProps): ReactNode {
  const { trajectoryId, reward, advantage, ending, answer, queries, foundGold, sampledTokens } = member;
  return (
    <article className={styles.column} data-current={isCurrent} aria-labelledby={`member-${member.member}`}>
      <h2 id={`member-${member.member}`} className={styles.name}>
        <Link
          to="/trajectories/$trajectoryId"
          params={{ trajectoryId }}
          search={({ tokens: _tokens, ...kept }) => kept}
          resetScroll={false}
        >
          Member {member.member}
        </Link>
        {isCurrent && <Badge>this one</Badge>}
      </h2>
      <p className={styles.figures}>
        <span className={styles.reward}>{reward === null ? "not scored" : `reward ${formatNumber(reward, 2)}`}</span>
        {advantage !== null && <span className={styles.label}>advantage {formatSigned(advantage)}</span>}
        <EndingBadge ending={ending} />
        {foundGold === true && <Badge tone="gold">gold shown</Badge>}
      </p>
      <div>
        <p className={styles.label}>Answer</p>
        {answer === null ? (
          <p className={styles.none}>none</p>
        ) : (
          <LongText id={`answer-${trajectoryId}`} text={answer} limit={200} />
        )}
      </div>
      <div>
        <p className={styles.label}>Queries · {formatCount(sampledTokens)} tokens sampled</p>
        {queries.length === 0 && <p className={styles.none}>none</p>}
        <ol className={styles.queries}>
          {queries.map((query, turn) => (
            // A query may come again: its turn is its name.
            <li key={turn}>
              <RecordText text={query} />
              {triedBy(query) > 1 && (
                <span className={styles.label}>
                  {" "}
                  {triedBy(query)} of {size}
                </span>
              )}
            </li>
          ))}
        </ol>
      </div>
    </article>
  );
}
