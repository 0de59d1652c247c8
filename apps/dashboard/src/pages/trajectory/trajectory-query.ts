import type { ApiClient, TrajectoryView } from "@litmus/api";
import { queryOptions } from "@tanstack/react-query";

/** A trajectory's view. Its record never changes, but while its run goes on its group grows and is learned from. */
export const trajectoryQuery = (api: ApiClient, trajectoryId: string) =>
  queryOptions<TrajectoryView>({
    queryKey: ["trajectory", trajectoryId],
    queryFn: ({ signal }) => api.trajectory(trajectoryId, signal),
    meta: { runOf: (view) => (view as TrajectoryView).run.id },
  });
