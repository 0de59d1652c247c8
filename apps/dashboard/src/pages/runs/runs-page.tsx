import { maxCompared } from "@litmus/api";
import type { ReactNode } from "react";
import { LinkButton } from "../../components/controls/link-button.tsx";
import { PageHeader } from "../../components/layout/page-header.tsx";
import { Page } from "../../components/layout/page.tsx";
import { Panel } from "../../components/layout/panel.tsx";
import { QueryState } from "../../components/layout/query-state.tsx";
import { SelectionBar } from "../../components/layout/selection-bar.tsx";
import { Skeleton } from "../../components/layout/skeleton.tsx";
import { CopyLink } from "../../components/text/copy-link.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { RunsExport } from "./runs-export.tsx";
import { RunsTable } from "./runs-table.tsx";
import { RunsToolbar } from "./runs-toolbar.tsx";
import { runsView } from "./search.ts";
import { useRunList } from "./use-run-list.ts";

/** All runs in one table. */
export function RunsPage(): ReactNode {
  const [view] = useViewState(runsView);
  const { query, isBusy, askForAll } = useRunList(view);
  return (
    <Page>
      <PageHeader
        title="Runs"
        actions={
          <>
            <RunsExport />
            <CopyLink />
          </>
        }
      />
      <QueryState query={query} pending={<Skeleton height="60vh" label="Loading the runs" />}>
        {(list) => (
          <Panel isFlush>
            <RunsToolbar list={list} />
            <RunsTable list={list} isBusy={isBusy} onMissing={askForAll} />
          </Panel>
        )}
      </QueryState>
      <ChosenRuns />
    </Page>
  );
}

function ChosenRuns(): ReactNode {
  const [{ chosen }, setView] = useViewState(runsView);
  return (
    <SelectionBar
      count={chosen.length}
      noun={["run", "runs"]}
      hint={chosen.length < maxCompared ? undefined : "These are all that can be compared at once."}
      onClear={() => setView({ chosen: [] })}
    >
      <LinkButton to="/compare" search={{ runs: chosen }} tone="primary" icon="compare">
        Compare
      </LinkButton>
    </SelectionBar>
  );
}
