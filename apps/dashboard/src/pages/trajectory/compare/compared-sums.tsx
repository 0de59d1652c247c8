import type { TrajectoryView } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { EndingBadge } from "../../../components/attempts/ending-badge.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { LongText } from "../../../components/record/long-text.tsx";
import { RecordText } from "../../../components/record/record-text.tsx";
import { formatCount, formatNumber, formatSigned } from "../../../format/number.ts";
import styles from "./compare.module.css";

export interface ComparedProps {
  readonly first: TrajectoryView;
  readonly second: TrajectoryView;
}

/** What two trajectories came to, A and B, with the difference of their numbers. */
export function ComparedSums({ first, second }: ComparedProps): ReactNode {
  const difference = (of: (one: TrajectoryView) => number | null): string => {
    const [a, b] = [of(first), of(second)];
    return a === null || b === null ? "" : formatSigned(b - a);
  };
  const sides = [first, second];
  const rows: { label: string; cells: ReactNode[]; difference: ReactNode }[] = [
    { label: "Run", cells: sides.map((one) => <RecordText key={one.id} text={one.run.name} />), difference: "" },
    {
      label: "Policy version",
      cells: sides.map(({ policy }) => `v${policy.version}`),
      difference: difference(({ policy }) => policy.version),
    },
    {
      label: "Reward",
      cells: sides.map(({ reward }) => (reward === null ? "not scored" : formatNumber(reward.total, 2))),
      difference: difference(({ reward }) => reward?.total ?? null),
    },
    {
      label: "Answer",
      cells: sides.map(({ id, answer }) =>
        answer === null ? (
          <i key={id}>none</i>
        ) : (
          <LongText key={id} id={`compared-answer-${id}`} text={answer} limit={200} />
        ),
      ),
      difference: first.answer === second.answer ? "same" : "differs",
    },
    { label: "Ended", cells: sides.map(({ id, ending }) => <EndingBadge key={id} ending={ending} />), difference: "" },
    {
      label: "Searches",
      cells: sides.map(({ usage }) => formatCount(usage.searches)),
      difference: difference(({ usage }) => usage.searches),
    },
    {
      label: "Tokens sampled",
      cells: sides.map(({ usage }) => formatCount(usage.sampledTokens)),
      difference: difference(({ usage }) => usage.sampledTokens),
    },
  ];
  return (
    <Panel title="What they came to">
      <table className={styles.sums}>
        <thead>
          <tr>
            <td />
            <th scope="col">A: this one</th>
            <th scope="col">
              B:{" "}
              <Link to="/trajectories/$trajectoryId" params={{ trajectoryId: second.id }}>
                the other
              </Link>
            </th>
            <th scope="col">B − A</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, cells, difference: change }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{cells[0]}</td>
              <td>{cells[1]}</td>
              <td>{change}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
