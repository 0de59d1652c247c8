import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { DataTable } from "../../../components/table/data-table.tsx";
import { formatCount } from "../../../format/number.ts";
import styles from "../run-page.module.css";
import { failureColumns } from "./failure-columns.tsx";
import { StopReasons } from "./stop-reasons.tsx";

/** What failed, by the boundary it crossed, with examples to read; and why the other episodes ended. */
export function FailuresTab({ view }: { readonly view: RunView }): ReactNode {
  const { run, failures, cost, stopReasons } = view;
  return (
    <div className={styles.panels}>
      <Panel
        title="Failures"
        description="Failed episodes are counted, never scored: they are left out of rewards and scores."
        isFlush
      >
        <DataTable
          label="Failures by boundary"
          columns={failureColumns(run.id)}
          rows={failures}
          rowId={({ boundary, code }) => `${boundary}/${code}`}
          isMain
          empty={
            <EmptyState title="Nothing failed">
              {cost.trajectories === 0
                ? "There is no trajectory yet."
                : `${noneOf(cost.trajectories)} Each of the ${formatCount(cost.trajectories)} trajectories was scored.`}
            </EmptyState>
          }
        />
      </Panel>
      <Panel title="Stop reasons" description="Why the scored episodes ended by themselves.">
        <StopReasons reasons={stopReasons} />
      </Panel>
    </div>
  );
}

/** What no failure in n trials leaves possible: the rule of three. */
function noneOf(trials: number): string {
  const percent = (300 / trials).toLocaleString("en-GB", { maximumSignificantDigits: 2 });
  return trials < 3 ? "" : `With 95 % confidence fewer than ${percent} % of such episodes fail.`;
}
