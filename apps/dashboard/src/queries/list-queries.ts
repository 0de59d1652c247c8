/** @file What the pages over all runs read. Any run's change makes these answers old. */
import type { ApiClient, AskOptions, Leaderboard, LeaderboardQuery, RunList, RunsQuery, SystemView } from "@litmus/api";
import { queryOptions } from "@tanstack/react-query";
import type { UseQueryOptions } from "@tanstack/react-query";

type Options<Data> = UseQueryOptions<Data, Error, Data, readonly unknown[]>;

export const leaderboardOptions = (api: ApiClient, query: Partial<LeaderboardQuery>): Options<Leaderboard> =>
  queryOptions({
    queryKey: ["leaderboard", query] as readonly unknown[],
    queryFn: ({ signal }) => api.leaderboard(query, signal),
  });

export const runsOptions = (api: ApiClient, query: Partial<RunsQuery>): Options<RunList> =>
  queryOptions({
    queryKey: ["runs", query] as readonly unknown[],
    queryFn: ({ signal }) => api.runs(query, signal),
  });

/** Whom a question can be put to: what runs have learned. */
export const askOptions = (api: ApiClient): Options<AskOptions> =>
  queryOptions({
    queryKey: ["runs", "ask-options"] as readonly unknown[],
    queryFn: ({ signal }) => api.askOptions(signal),
  });

export const systemOptions = (api: ApiClient): Options<SystemView> =>
  queryOptions({
    queryKey: ["system"] as readonly unknown[],
    queryFn: ({ signal }) => api.system(signal),
  });
