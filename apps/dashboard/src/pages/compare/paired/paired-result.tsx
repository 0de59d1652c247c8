import type { Comparison } from "@litmus/api";
import type { ReactNode } from "react";
import { DraftSearch } from "../../../components/controls/draft-search.tsx";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import { GainBadge } from "../../../components/layout/gain-badge.tsx";
import { DataTable } from "../../../components/table/data-table.tsx";
import { Pagination } from "../../../components/table/pagination.tsx";
import { runOfEvaluation } from "../../../format/run-of-evaluation.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import { compareView } from "../search.ts";
import { DifferenceBar } from "./difference-bar.tsx";
import { OutcomeFilter } from "./outcome-filter.tsx";
import { pairedColumns } from "./paired-columns.tsx";
import styles from "./paired.module.css";
import { questionLimit } from "./sides.ts";

type Paired = NonNullable<Comparison["paired"]>;

export interface PairedResultProps extends Pick<Comparison, "choices"> {
  readonly paired: Paired;
  /** Another answer is on its way. */
  readonly isBusy: boolean;
}

/** What two evaluations make of one another, and the questions behind it. */
export function PairedResult({ choices, paired, isBusy }: PairedResultProps): ReactNode {
  const [{ search }, change] = useViewState(compareView);
  const labels = new Map(choices.map(({ id, label }) => [id, label]));
  return (
    <>
      <div className={styles.result}>
        <GainBadge {...paired} />
        <p className={styles.sentence}>{paired.sentence}</p>
        <DifferenceBar paired={paired} />
      </div>
      <div className={styles.filters}>
        <OutcomeFilter paired={paired} />
        <DraftSearch
          label="Find a question or an answer"
          value={search}
          onChange={(words) => change({ search: words, offset: 0 })}
        />
      </div>
      <DataTable
        label="Questions"
        columns={pairedColumns({
          fromRun: runOfEvaluation(paired.from),
          from: labels.get(paired.from) ?? paired.from,
          to: labels.get(paired.to) ?? paired.to,
        })}
        rows={paired.questions}
        rowId={({ problemId }) => problemId}
        isBusy={isBusy}
        isMain
        offset={paired.offset}
        total={paired.total}
        empty={<EmptyState title="No such question">Another outcome or other words may find some.</EmptyState>}
      />
      <Pagination
        offset={paired.offset}
        limit={questionLimit}
        total={paired.total}
        noun="questions"
        onOffset={(offset) => change({ offset }, "push")}
      />
    </>
  );
}
