import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { formatCount, formatPercent } from "../../../format/number.ts";
import styles from "./failures.module.css";

/** Each reason with its count, drawn as a share of its purpose; the most frequent first. */
export function StopReasons({ reasons }: { readonly reasons: RunView["stopReasons"] }): ReactNode {
  const purposes = Map.groupBy(Object.entries(reasons), ([name]) => name.slice(0, name.indexOf("/")));
  if (purposes.size === 0) return <p>No episode was scored yet.</p>;
  return (
    <div className={styles.purposes}>
      {[...purposes].map(([purpose, counts]) => (
        <ReasonTable
          key={purpose}
          purpose={purpose}
          counts={counts.map(([name, count]) => ({ reason: name.slice(purpose.length + 1), count }))}
        />
      ))}
    </div>
  );
}

interface ReasonTableProps {
  readonly purpose: string;
  readonly counts: readonly { readonly reason: string; readonly count: number }[];
}

function ReasonTable({ purpose, counts }: ReasonTableProps): ReactNode {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return (
    <table className={styles.reasons}>
      <caption className={styles.caption}>
        {purpose} <span className={styles.share}>{formatCount(total)} episodes</span>
      </caption>
      <thead className={styles.hidden}>
        <tr>
          <th scope="col">Reason</th>
          <th scope="col">Share</th>
          <th scope="col">Episodes</th>
        </tr>
      </thead>
      <tbody>
        {counts
          .toSorted((a, b) => b.count - a.count)
          .map(({ reason, count }) => (
            <tr key={reason}>
              <th scope="row">{reason}</th>
              <td>
                <span className={styles.bar}>
                  <span className={styles.fill} style={{ width: `${(count / total) * 100}%` }} />
                  <span className={styles.share}>{formatPercent(count / total)}</span>
                </span>
              </td>
              <td className={styles.count}>{formatCount(count)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
