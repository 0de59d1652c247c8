import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { PageHeader } from "../../components/layout/page-header.tsx";
import { Page } from "../../components/layout/page.tsx";
import { QueryState } from "../../components/layout/query-state.tsx";
import { Skeleton } from "../../components/layout/skeleton.tsx";
import { systemOptions } from "../../queries/list-queries.ts";
import { FailuresPanel } from "./failures-panel.tsx";
import { IndexesPanel } from "./indexes-panel.tsx";
import { ModelsPanel } from "./models-panel.tsx";
import { QueuePanel } from "./queue/queue-panel.tsx";
import { ServerPanel } from "./server-panel.tsx";
import { StorePanel } from "./store-panel.tsx";
import styles from "./system.module.css";

/** Workers come and go, and memory grows, without any run having changed. */
const askEveryMs = 5000;

/** What this server is, what it holds, and who works for it. */
export function SystemPage(): ReactNode {
  const api = useApi();
  const query = useQuery({ ...systemOptions(api), refetchInterval: askEveryMs });
  return (
    <Page>
      <PageHeader title="System" />
      <QueryState query={query} pending={<Skeleton height="60vh" label="Loading the state of the system" />}>
        {(system) => (
          <>
            <div className={styles.pair}>
              <ServerPanel server={system.server} />
              <StorePanel store={system.store} />
            </div>
            <QueuePanel queue={system.queue} queueError={system.queueError} />
            <FailuresPanel failures={system.failures} trajectories={system.store.trajectories} />
            <IndexesPanel indexes={system.indexes} />
            <ModelsPanel models={system.models} />
          </>
        )}
      </QueryState>
    </Page>
  );
}
