import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { PageHeader } from "../../components/layout/page-header.tsx";
import { QueryState } from "../../components/layout/query-state.tsx";
import { Skeleton } from "../../components/layout/skeleton.tsx";
import { KeptStateProvider } from "../../state/kept-state.tsx";
import { TrajectoryContent } from "./trajectory-content.tsx";
import { trajectoryQuery } from "./trajectory-query.ts";

/** One episode, turn by turn and token by token, with what it was worth and why. */
export function TrajectoryPage(): ReactNode {
  const { trajectoryId = "" } = useParams({ strict: false });
  const query = useQuery(trajectoryQuery(useApi(), trajectoryId));
  return (
    <>
      {query.isLoadingError && <PageHeader title="Trajectory" />}
      <QueryState query={query} pending={<Skeleton label="Loading the trajectory" height="40rem" />}>
        {(trajectory) => (
          <KeptStateProvider key={trajectory.id}>
            <TrajectoryContent trajectory={trajectory} />
          </KeptStateProvider>
        )}
      </QueryState>
    </>
  );
}
