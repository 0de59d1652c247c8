import type { RunView } from "@litmus/api";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApi } from "../../../api/api-provider.tsx";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { QueryState } from "../../../components/layout/query-state.tsx";
import { PendingRows } from "../../../components/table/pending-rows.tsx";
import { DataTable } from "../../../components/table/data-table.tsx";
import { Pagination } from "../../../components/table/pagination.tsx";
import { attemptsOptions } from "../../../queries/run-queries.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import { runView } from "../search.ts";
import { trajectoryColumns } from "./trajectory-columns.tsx";
import { TrajectoryFilters } from "./trajectory-filters.tsx";

const limit = 50;

/** Every trajectory of a run, filtered by where it belongs and how it ended. */
export function TrajectoriesTab({ view }: { readonly view: RunView }): ReactNode {
  const api = useApi();
  const [{ stage, step, purpose, outcome, failure, from }, change] = useViewState(runView);
  const attempts = useQuery(
    attemptsOptions(api, view.run.id, {
      ...(stage === "" ? {} : { stage }),
      ...(step === null ? {} : { step }),
      ...(purpose === null ? {} : { purpose }),
      ...(outcome === null ? {} : { outcome }),
      ...(failure === "" ? {} : { failure }),
      offset: from,
      limit,
    }),
  );
  return (
    <Panel title="Trajectories" description="What the agent did: each leads to its turns, searches and tokens." isFlush>
      <TrajectoryFilters view={view} />
      <QueryState query={attempts} pending={<PendingRows />}>
        {({ attempts: rows, total, offset }) => (
          <>
            <DataTable
              label="Trajectories"
              columns={trajectoryColumns}
              rows={rows}
              rowId={({ trajectoryId }) => trajectoryId}
              isBusy={attempts.isPlaceholderData}
              isMain
              offset={offset}
              total={total}
              empty={<EmptyState title="No such trajectory">Fewer filters may find some.</EmptyState>}
            />
            <Pagination
              offset={offset}
              limit={limit}
              total={total}
              noun="trajectories"
              onOffset={(next) => change({ from: next }, "push")}
            />
          </>
        )}
      </QueryState>
    </Panel>
  );
}
