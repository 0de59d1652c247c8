import type { ApiClient, TrajectoryView } from "@litmus/api";
import { queryOptions } from "@tanstack/react-query";

/** A record never changes, but while its run goes on its group grows and is learned from. */
const refetchMs = 5000;

/** A trajectory's view, fetched again now and then as long as its run goes on. */
export const trajectoryQuery = (api: ApiClient, trajectoryId: string) =>
  queryOptions<TrajectoryView>({
    queryKey: ["trajectory", trajectoryId],
    queryFn: ({ signal }) => api.trajectory(trajectoryId, signal),
    refetchInterval: ({ state }) => (state.data?.run.status === "running" ? refetchMs : false),
  });
