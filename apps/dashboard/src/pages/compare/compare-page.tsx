import type { Comparison } from "@litmus/api";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { EmptyState } from "../../components/layout/empty-state.tsx";
import { PageHeader } from "../../components/layout/page-header.tsx";
import { Page } from "../../components/layout/page.tsx";
import { QueryState } from "../../components/layout/query-state.tsx";
import { Skeleton } from "../../components/layout/skeleton.tsx";
import { CopyLink } from "../../components/text/copy-link.tsx";
import { compareOptions } from "../../queries/run-queries.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { ChosenRuns } from "./chosen-runs.tsx";
import { CompareCurves } from "./compare-curves.tsx";
import { ConfigTable } from "./config-table.tsx";
import { PairedPanel } from "./paired/paired-panel.tsx";
import { compareView } from "./search.ts";

/** Runs beside one another: who won which question, their curves, and what of their configs differs. */
export function ComparePage(): ReactNode {
  const api = useApi();
  const [{ runs }] = useViewState(compareView);
  const comparison = useQuery(compareOptions(api, { runs }));
  return (
    <Page>
      <PageHeader title="Compare" actions={<CopyLink />} />
      <QueryState query={comparison} pending={<Skeleton height="60vh" label="Loading the comparison" />}>
        {(data) => (
          <>
            <ChosenRuns comparison={data} />
            {runs.length === 0 ? <NothingChosen /> : <Comparisons comparison={data} />}
          </>
        )}
      </QueryState>
    </Page>
  );
}

function Comparisons({ comparison }: { readonly comparison: Comparison }): ReactNode {
  return (
    <>
      <PairedPanel choices={comparison.choices} />
      <CompareCurves comparison={comparison} />
      <ConfigTable comparison={comparison} />
    </>
  );
}

function NothingChosen(): ReactNode {
  return (
    <EmptyState title="No run is chosen">
      Add runs above: their questions, curves and configs then stand beside one another. One run alone is compared with
      its base.
    </EmptyState>
  );
}
