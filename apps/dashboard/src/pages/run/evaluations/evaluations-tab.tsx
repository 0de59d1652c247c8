import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { DataTable } from "../../../components/table/data-table.tsx";
import styles from "../run-page.module.css";
import { categoryColumns, categoriesOf } from "./category-columns.tsx";
import { checkpointColumns } from "./checkpoint-columns.tsx";
import { evaluationColumns } from "./evaluation-columns.tsx";

/** What each checkpoint scored, and how the checkpoints follow from one another. */
export function EvaluationsTab({ view }: { readonly view: RunView }): ReactNode {
  const { run, evaluations, checkpoints } = view;
  const categories = categoriesOf(evaluations);
  return (
    <div className={styles.panels}>
      <Panel title="Evaluations" description="Scores on held-out questions, each with its 95 % interval." isFlush>
        <DataTable
          label="Evaluations"
          columns={evaluationColumns(run.id)}
          rows={evaluations}
          rowId={evaluationId}
          isMain
          empty={
            <EmptyState title="No evaluation yet">
              The first comes before the first stage, one more after each stage.
            </EmptyState>
          }
        />
      </Panel>
      {categories.length > 0 && (
        <Panel title="By category" description="Exact match, greedy, of the questions of one category." isFlush>
          <DataTable
            label="Exact match by category"
            columns={categoryColumns(categories)}
            rows={evaluations}
            rowId={evaluationId}
          />
        </Panel>
      )}
      <Panel title="Checkpoints" description="Every adapter names the hash of the one it was trained from." isFlush>
        <DataTable
          label="Checkpoints"
          columns={checkpointColumns(checkpoints)}
          rows={checkpoints}
          rowId={({ version }) => String(version)}
          empty={<EmptyState title="No checkpoint yet">One is written with each new version of the policy.</EmptyState>}
        />
      </Panel>
    </div>
  );
}

const evaluationId = ({ stage, step, split }: RunView["evaluations"][number]): string => `${stage}:${step}:${split}`;
