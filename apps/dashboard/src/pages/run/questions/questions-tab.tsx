import type { RunView } from "@litmus/api";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApi } from "../../../api/api-provider.tsx";
import { DraftSearch } from "../../../components/controls/draft-search.tsx";
import { Select } from "../../../components/controls/select.tsx";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { QueryState } from "../../../components/layout/query-state.tsx";
import { PendingRows } from "../../../components/table/pending-rows.tsx";
import { DataTable } from "../../../components/table/data-table.tsx";
import { Pagination } from "../../../components/table/pagination.tsx";
import { problemsOptions } from "../../../queries/run-queries.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import styles from "../run-page.module.css";
import { runView } from "../search.ts";
import { isQuestionSort, questionColumns } from "./question-columns.tsx";

const limit = 50;
const splits = ["train", "validation", "test"];
const splitOptions = [{ value: "", label: "every split" }, ...splits.map((value) => ({ value, label: value }))];

/** The questions of a run, and how the reward of each moved. */
export function QuestionsTab({ view }: { readonly view: RunView }): ReactNode {
  const api = useApi();
  const [{ search, split, sort, order, offset }, change] = useViewState(runView);
  const problems = useQuery(
    problemsOptions(api, view.run.id, { search, sort, order, offset, limit, ...(split === "" ? {} : { split }) }),
  );
  return (
    <Panel
      title="Questions"
      description="How the reward of each question moved, from its first group to its last."
      isFlush
    >
      <div className={styles.filters}>
        <DraftSearch
          label="Find a question or an answer"
          value={search}
          onChange={(words) => change({ search: words, offset: 0 })}
        />
        <Select
          label="Split"
          value={split}
          options={splitOptions}
          onChange={(chosen) => change({ split: chosen, offset: 0 })}
        />
      </div>
      <QueryState query={problems} pending={<PendingRows />}>
        {({ problems: rows, total, offset: from }) => (
          <>
            <DataTable
              label="Questions"
              columns={questionColumns(view.run.id)}
              rows={rows}
              rowId={({ id }) => id}
              sort={{ column: sort, order }}
              onSort={(next) => {
                if (isQuestionSort(next.column)) change({ sort: next.column, order: next.order, offset: 0 });
              }}
              isBusy={problems.isPlaceholderData}
              isMain
              offset={from}
              total={total}
              empty={<EmptyState title="No such question">Other words or another split may find it.</EmptyState>}
            />
            <Pagination
              offset={from}
              limit={limit}
              total={total}
              noun="questions"
              onOffset={(next) => change({ offset: next }, "push")}
            />
          </>
        )}
      </QueryState>
    </Panel>
  );
}
