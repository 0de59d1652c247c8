import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { PageHeader } from "../../components/layout/page-header.tsx";
import { Page } from "../../components/layout/page.tsx";
import { QueryState } from "../../components/layout/query-state.tsx";
import { Skeleton } from "../../components/layout/skeleton.tsx";
import { runOptions } from "../../queries/run-queries.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { RunAlarms } from "./head/run-alarms.tsx";
import { RunHeader } from "./head/run-header.tsx";
import { RunProgress } from "./head/run-progress.tsx";
import { RunSeeds } from "./head/run-seeds.tsx";
import { RunVerdict } from "./head/run-verdict.tsx";
import styles from "./run-page.module.css";
import { RunTabs } from "./run-tabs.tsx";
import { runQueryOf, runView } from "./search.ts";

/** One run: how it stands, whether it learned, and everything behind it. */
export function RunPage(): ReactNode {
  const { runId } = useParams({ from: "/runs/$runId" });
  // Another run is another page: nothing of the one before stays on the screen.
  return <Run key={runId} runId={runId} />;
}

function Run({ runId }: { readonly runId: string }): ReactNode {
  const api = useApi();
  const [view] = useViewState(runView);
  const run = useQuery(runOptions(api, runId, runQueryOf(view)));
  return (
    <>
      {run.data === undefined && <PageHeader title="Run" overline={<Link to="/runs">Runs</Link>} />}
      <QueryState query={run} pending={<Skeleton height="60vh" label="Loading the run" />}>
        {(view) => (
          <Page>
            <RunHeader view={view} />
            <RunAlarms runId={runId} alarms={view.alarms} />
            <div className={styles.summary}>
              <RunVerdict view={view} />
              <RunProgress view={view} />
            </div>
            <RunSeeds view={view} />
            <RunTabs view={view} />
          </Page>
        )}
      </QueryState>
    </>
  );
}
