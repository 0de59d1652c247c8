import type { GroupMember, TrajectoryView } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { AnswerText } from "../../../components/attempts/answer-text.tsx";
import { EndingBadge } from "../../../components/attempts/ending-badge.tsx";
import { formatNumber, formatSigned } from "../../../format/number.ts";
import styles from "./group.module.css";

/** All members of the group in a row; each leads to its trajectory, seen in the same way. */
export function GroupStrip({ trajectory }: { readonly trajectory: TrajectoryView }): ReactNode {
  const { group, groupMean, id } = trajectory;
  return (
    <nav className={styles.strip} aria-label="Members of the group">
      <p className={styles.sum}>
        <span className={styles.label}>Group of {group.length}</span>
        <span className={styles.mean}>{groupMean === null ? "–" : formatNumber(groupMean, 2)}</span>
        <span className={styles.label}>mean reward</span>
      </p>
      <ol className={styles.members}>
        {group.map((member) => (
          <li key={member.trajectoryId}>
            <MemberLink member={member} isCurrent={member.trajectoryId === id} />
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface MemberLinkProps {
  readonly member: GroupMember;
  readonly isCurrent: boolean;
}

function MemberLink({ member, isCurrent }: MemberLinkProps): ReactNode {
  const { trajectoryId, reward, advantage, ending, answer, version } = member;
  return (
    <Link
      to="/trajectories/$trajectoryId"
      params={{ trajectoryId }}
      search={({ tokens: _tokens, ...kept }) => kept}
      resetScroll={false}
      className={styles.member}
      data-current={isCurrent}
      {...(isCurrent ? { "aria-current": "page" } : {})}
    >
      <span className={styles.figures}>
        <span className={styles.place}>#{member.member}</span>
        <span className={styles.reward}>{reward === null ? "not scored" : formatNumber(reward, 2)}</span>
        {advantage !== null && (
          <span className={styles.advantage} data-sign={Math.sign(advantage)} title="Advantage">
            {formatSigned(advantage)}
          </span>
        )}
      </span>
      <span className={styles.answer}>
        <AnswerText answer={answer} limit={60} />
      </span>
      <span className={styles.figures}>
        <EndingBadge ending={ending} />
        <span className={styles.label}>v{version}</span>
      </span>
    </Link>
  );
}
