import type { ProblemInfo } from "@litmus/api";
import type { ReactNode } from "react";
import { Badge } from "../../components/layout/badge.tsx";
import { KeyValueList } from "../../components/layout/key-value-list.tsx";
import { Panel } from "../../components/layout/panel.tsx";
import { pubmedUrl } from "../../components/record/pubmed-url.ts";
import { RecordLink } from "../../components/record/record-link.tsx";
import { RecordText } from "../../components/record/record-text.tsx";
import styles from "./problem.module.css";

export interface ProblemFactsProps {
  readonly problem: ProblemInfo;
  readonly idSpace: "pubmed" | "own";
}

/** What counts as right, and which records say so. The agent sees neither. */
export function ProblemFacts({ problem, idSpace }: ProblemFactsProps): ReactNode {
  const { goldenAnswers, goldRecordIds, split, category, isParaphrased } = problem;
  return (
    <Panel title="The question" description="Golden answers and gold records are never shown to the agent.">
      <KeyValueList
        items={[
          {
            key: "golden",
            label: "Golden answers",
            value: (
              <ul className={styles.list}>
                {goldenAnswers.map((answer) => (
                  <li key={answer}>
                    <strong>
                      <RecordText text={answer} />
                    </strong>
                  </li>
                ))}
              </ul>
            ),
          },
          {
            key: "gold",
            label: "Gold records",
            value:
              goldRecordIds.length === 0 ? (
                "none is known"
              ) : (
                <ul className={styles.list}>
                  {goldRecordIds.map((recordId) => (
                    <li key={recordId}>
                      <RecordLink recordId={recordId} url={pubmedUrl(idSpace, recordId)} />
                    </li>
                  ))}
                </ul>
              ),
          },
          { key: "split", label: "Split", value: <RecordText text={split} /> },
          { key: "category", label: "Category", value: category === null ? "none" : <RecordText text={category} /> },
          ...(isParaphrased === null
            ? []
            : [
                {
                  key: "paraphrased",
                  label: "Wording",
                  value: isParaphrased ? <Badge>paraphrased</Badge> : "as in its record",
                },
              ]),
        ]}
      />
    </Panel>
  );
}
