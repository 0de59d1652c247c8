import type { Attempt } from "@litmus/api";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { FilterMenu } from "../../../components/controls/filter-menu.tsx";
import { SearchField } from "../../../components/controls/search-field.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { DataTable } from "../../../components/table/data-table.tsx";
import { formatCount } from "../../../format/number.ts";
import { useDraft } from "../../../state/use-draft.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import styles from "../problem.module.css";
import { attemptOutcomes, attemptSorts, problemView, purposes } from "../search.ts";
import { attemptColumns } from "./attempt-columns.tsx";
import { chooseAttempts, isAttemptSort, outcomeOf } from "./choose-attempts.ts";

/** Every attempt at the question, with filters; Enter opens one. */
export function AttemptPanel({ attempts }: { readonly attempts: readonly Attempt[] }): ReactNode {
  const [view, setView] = useViewState(problemView);
  const [typed, setTyped] = useDraft(view.find, (find) => setView({ find }));
  const shown = useMemo(() => chooseAttempts(attempts, view), [attempts, view]);
  const count = (isSo: (attempt: Attempt) => boolean): number => attempts.filter(isSo).length;
  const filters = (
    <div className={styles.tools}>
      <SearchField
        label="Find in answers and queries"
        value={typed}
        maxLength={200}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <FilterMenu
        label="Purpose"
        options={purposes.map((value) => ({ value, count: count(({ purpose }) => purpose === value) }))}
        chosen={view.purpose}
        onChange={(chosen) => setView({ purpose: purposes.filter((one) => chosen.includes(one)) })}
      />
      <FilterMenu
        label="Outcome"
        options={attemptOutcomes.map((value) => ({ value, count: count((attempt) => outcomeOf(attempt) === value) }))}
        chosen={view.outcome}
        onChange={(chosen) => setView({ outcome: attemptOutcomes.filter((one) => chosen.includes(one)) })}
      />
    </div>
  );
  return (
    <Panel
      title="Attempts"
      description={
        shown.length === attempts.length
          ? `All ${formatCount(attempts.length)}, in the order of the run unless sorted.`
          : `${formatCount(shown.length)} of ${formatCount(attempts.length)}.`
      }
      actions={filters}
      isFlush
    >
      <DataTable
        label="Attempts"
        columns={attemptColumns}
        rows={shown}
        rowId={({ trajectoryId }) => trajectoryId}
        sort={{ column: view.sort, order: view.order }}
        onSort={({ column, order }) => isAttemptSort(column, attemptSorts) && setView({ sort: column, order })}
        isMain
        empty={attempts.length === 0 ? "The question was not asked yet." : "No attempt is left by these filters."}
      />
    </Panel>
  );
}
