/** @file What the pages of runs read. Every key names the runs that its answer depends on, so that their changes make it old. */
import type {
  ApiClient,
  AttemptList,
  AttemptsQuery,
  CompareQuery,
  Comparison,
  ProblemList,
  ProblemsQuery,
  ProblemView,
  RunQuery,
  RunView,
  RunList,
  SeriesList,
  SeriesQuery,
} from "@litmus/api";
import { queryOptions } from "@tanstack/react-query";
import type { UseQueryOptions } from "@tanstack/react-query";

type Options<Data> = UseQueryOptions<Data, Error, Data, readonly unknown[]>;

export const runOptions = (api: ApiClient, runId: string, query: RunQuery): Options<RunView> =>
  queryOptions({
    queryKey: ["run", runId, query] as readonly unknown[],
    queryFn: ({ signal }) => api.run(runId, query, signal),
  });

/** Which curves, and the runs that they are over: of a mean over seeds, all its members. */
export type SeriesRequest = Pick<SeriesQuery, "sources" | "metrics"> & Partial<SeriesQuery>;

/** Points of all lines of a chart together: more cannot be told apart, and take longer to draw than one waits for a page. */
const pointsOfChart = 8_000;
const [fewestPoints, mostPoints] = [200, 1_000];

/** As much detail as a chart of so many lines can show. */
export function chartRequest({ sources, metrics, x }: Pick<SeriesQuery, "sources" | "metrics" | "x">): SeriesRequest {
  const points = Math.floor(pointsOfChart / Math.max(1, sources.length));
  return { sources, metrics, x, points: Math.min(mostPoints, Math.max(fewestPoints, points)) };
}

export const seriesOptions = (api: ApiClient, runIds: readonly string[], query: SeriesRequest): Options<SeriesList> =>
  queryOptions({
    queryKey: ["series", runIds, query] as readonly unknown[],
    queryFn: ({ signal }) => api.series(query, signal),
    enabled: query.metrics.length > 0 && query.sources.length > 0,
  });

export const problemsOptions = (api: ApiClient, runId: string, query: Partial<ProblemsQuery>): Options<ProblemList> =>
  queryOptions({
    queryKey: ["problems", runId, query] as readonly unknown[],
    queryFn: ({ signal }) => api.problems(runId, query, signal),
  });

export const problemOptions = (api: ApiClient, runId: string, problemId: string): Options<ProblemView> =>
  queryOptions({
    queryKey: ["problem", runId, problemId] as readonly unknown[],
    queryFn: ({ signal }) => api.problem(runId, problemId, signal),
  });

export const attemptsOptions = (api: ApiClient, runId: string, query: Partial<AttemptsQuery>): Options<AttemptList> =>
  queryOptions({
    queryKey: ["attempts", runId, query] as readonly unknown[],
    queryFn: ({ signal }) => api.attempts(runId, query, signal),
  });

export const compareOptions = (api: ApiClient, query: Partial<CompareQuery>): Options<Comparison> =>
  queryOptions({
    queryKey: ["compare", query.runs ?? [], query] as readonly unknown[],
    queryFn: ({ signal }) => api.compare(query, signal),
  });

/** The runs that words find, newest first, for a choice among them. */
export const runChoiceOptions = (api: ApiClient, search: string): Options<RunList> =>
  queryOptions({
    queryKey: ["runs", "choice", search] as readonly unknown[],
    queryFn: ({ signal }) => api.runs({ search, limit: 50, columns: ["name"] }, signal),
  });
