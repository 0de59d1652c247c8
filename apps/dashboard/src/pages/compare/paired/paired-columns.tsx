import type { PairedQuestion } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge } from "../../../components/layout/badge.tsx";
import type { Tone } from "../../../components/layout/badge.tsx";
import type { Column } from "../../../components/table/column.ts";
import { ProblemLink } from "../../../components/text/problem-link.tsx";
import { formatNumber, noValue } from "../../../format/number.ts";
import { visibleText } from "../../../format/visible-text.ts";
import styles from "./paired.module.css";

const tones: Record<PairedQuestion["outcome"], Tone> = {
  win: "good",
  loss: "bad",
  tie: "neutral",
  unscored: "caution",
};

export interface PairedNames {
  /** Run whose page of a question is linked. */
  readonly fromRun: string;
  readonly from: string;
  readonly to: string;
}

export function pairedColumns({ fromRun, from, to }: PairedNames): readonly Column<PairedQuestion>[] {
  return [
    {
      id: "question",
      label: "Question",
      widthRem: 22,
      isWrapping: true,
      cell: ({ problemId, question }) => <ProblemLink runId={fromRun} problemId={problemId} question={question} />,
    },
    {
      id: "outcome",
      label: "Outcome",
      hint: "Of the second evaluation against the first.",
      widthRem: 7,
      cell: ({ outcome }) => <Badge tone={tones[outcome]}>{outcome}</Badge>,
    },
    { id: "from", label: from, widthRem: 14, isWrapping: true, cell: (row) => <Side side={row.from} name={from} /> },
    { id: "to", label: to, widthRem: 14, isWrapping: true, cell: (row) => <Side side={row.to} name={to} /> },
    {
      id: "beside",
      label: "Both",
      widthRem: 7,
      cell: (row) =>
        row.from.trajectoryId === null || row.to.trajectoryId === null ? (
          noValue
        ) : (
          <Link
            to="/trajectories/$trajectoryId"
            params={{ trajectoryId: row.to.trajectoryId }}
            search={{ tab: "compare", beside: row.from.trajectoryId }}
          >
            side by side
          </Link>
        ),
    },
    {
      id: "golden",
      label: "Golden answers",
      widthRem: 12,
      isWrapping: true,
      cell: ({ goldenAnswers }) => goldenAnswers.join(", "),
    },
    {
      id: "category",
      label: "Category",
      widthRem: 8,
      isWrapping: true,
      cell: ({ category }) => category ?? noValue,
    },
  ];
}

interface SideProps {
  readonly side: PairedQuestion["from"];
  readonly name: string;
}

/** What one side answered, leading to how it came to it. */
function Side({ side: { answer, score, trajectoryId }, name }: SideProps): ReactNode {
  const words = answer === null ? "no answer" : visibleText(answer, "an answer that shows nothing");
  return (
    <span className={styles.side}>
      {trajectoryId === null ? (
        words
      ) : (
        <Link to="/trajectories/$trajectoryId" params={{ trajectoryId }} title={`Trajectory at ${name}`}>
          {words}
        </Link>
      )}
      <span className={styles.score}>{score === null ? "not scored" : formatNumber(score, 2)}</span>
    </span>
  );
}
