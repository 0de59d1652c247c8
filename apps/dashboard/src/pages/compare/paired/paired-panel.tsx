import type { Comparison } from "@litmus/api";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApi } from "../../../api/api-provider.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { QueryState } from "../../../components/layout/query-state.tsx";
import { PendingRows } from "../../../components/table/pending-rows.tsx";
import { compareOptions } from "../../../queries/run-queries.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import { compareView } from "../search.ts";
import { EvaluationChoice } from "./evaluation-choice.tsx";
import { PairedResult } from "./paired-result.tsx";
import styles from "./paired.module.css";
import { pairedQuery, sidesOf } from "./sides.ts";

/** Two evaluations, question by question: the difference with its interval, and which side won where. */
export function PairedPanel({ choices }: Pick<Comparison, "choices">): ReactNode {
  const api = useApi();
  const [view] = useViewState(compareView);
  const sides = sidesOf(view, choices);
  const isChosen = sides.from !== "" && sides.to !== "";
  const comparison = useQuery({ ...compareOptions(api, pairedQuery(view, sides)), enabled: isChosen });
  return (
    <Panel
      title="Question by question"
      description="The same questions, answered at two checkpoints: the difference is paired."
      isFlush
    >
      <EvaluationChoice choices={choices} {...sides} />
      {isChosen ? (
        <QueryState query={comparison} pending={<PendingRows />}>
          {({ paired, unpaired }) =>
            paired === null ? (
              <p className={styles.unpaired}>{unpaired}</p>
            ) : (
              <PairedResult choices={choices} paired={paired} isBusy={comparison.isPlaceholderData} />
            )
          }
        </QueryState>
      ) : (
        <p className={styles.unpaired}>
          Two evaluations are needed: choose them above, or wait until these runs have them.
        </p>
      )}
    </Panel>
  );
}
