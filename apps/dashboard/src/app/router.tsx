import type { ApiClient } from "@litmus/api";
import type { QueryClient, UseQueryOptions } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  stripSearchParams,
} from "@tanstack/react-router";
import type { ParsedLocation, SearchSchemaInput } from "@tanstack/react-router";
import { leaderboardOptions, runsOptions } from "../queries/list-queries.ts";
import { compareOptions, problemOptions, runOptions } from "../queries/run-queries.ts";
import { firstCurves } from "../pages/compare/first-curves.ts";
import { trajectoryQuery } from "../pages/trajectory/trajectory-query.ts";
import { askView } from "../pages/ask/search.ts";
import { compareView } from "../pages/compare/search.ts";
import { leaderboardQueryOf, leaderboardView } from "../pages/leaderboard/search.ts";
import { problemView } from "../pages/problem/search.ts";
import { runQueryOf, runView } from "../pages/run/search.ts";
import { firstRunsQuery, runsView } from "../pages/runs/search.ts";
import { systemView } from "../pages/system/search.ts";
import { trajectoryView } from "../pages/trajectory/search.ts";
import type { ViewSchema } from "../state/view-schema.ts";
import { NotFoundPage } from "./not-found-page.tsx";
import { RouteError } from "./route-error.tsx";
import { Shell } from "./shell/shell.tsx";

/** What the router asks the server with. */
export interface RouterContext {
  readonly api: ApiClient;
  readonly queryClient: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({ component: Shell, notFoundComponent: NotFoundPage });
const parent = { getParentRoute: (): typeof root => root };

/** A malformed search becomes the defaults, and defaults stay out of the address. */
const viewOf = <View extends object>(
  schema: ViewSchema<View>,
): {
  /** A link may leave out any field: it then has its default. */
  validateSearch: (search: Partial<View> & SearchSchemaInput) => View;
  search: { middlewares: never[] };
} => ({
  validateSearch: (search) => schema.parse(search),
  // The router types its middlewares by route; these work on any search.
  search: { middlewares: [stripSearchParams(schema.defaults as never) as never] },
});

/** Begins to fetch an answer, unless it is there. */
type Ask = <Data>(options: UseQueryOptions<Data, Error, Data, readonly unknown[]>) => void;

interface Opened<View> extends Pick<RouterContext, "api"> {
  readonly ask: Ask;
  readonly view: View;
}

interface LoaderInput<Params> {
  readonly context: RouterContext;
  readonly location: ParsedLocation;
  readonly params: Params;
}

/** Asks for what a page shows first while its part of the program is on its way. The page asks for the same, by the same keys. */
const asksFirst = <View extends object, Params extends object = object>(
  schema: ViewSchema<View>,
  first: (opened: Opened<View>, params: Params) => void,
) => ({
  loader: ({ context: { api, queryClient }, location, params }: LoaderInput<Params>): void => {
    const ask: Ask = (options) => {
      if (options.enabled !== false) void queryClient.prefetchQuery(options);
    };
    first({ api, ask, view: schema.parse(location.search) }, params);
  },
});

const routes = [
  createRoute({
    ...parent,
    path: "/",
    ...viewOf(leaderboardView),
    ...asksFirst(leaderboardView, ({ api, ask, view }) => ask(leaderboardOptions(api, leaderboardQueryOf(view)))),
    component: lazyRouteComponent(() => import("../pages/leaderboard/leaderboard-page.tsx"), "LeaderboardPage"),
  }),
  createRoute({
    ...parent,
    path: "/runs",
    ...viewOf(runsView),
    ...asksFirst(runsView, ({ api, ask, view }) => ask(runsOptions(api, firstRunsQuery(view)))),
    component: lazyRouteComponent(() => import("../pages/runs/runs-page.tsx"), "RunsPage"),
  }),
  createRoute({
    ...parent,
    path: "/runs/$runId",
    ...viewOf(runView),
    ...asksFirst(runView, ({ api, ask, view }, { runId }: { runId: string }) =>
      ask(runOptions(api, runId, runQueryOf(view))),
    ),
    component: lazyRouteComponent(() => import("../pages/run/run-page.tsx"), "RunPage"),
  }),
  createRoute({
    ...parent,
    path: "/compare",
    ...viewOf(compareView),
    ...asksFirst(compareView, ({ api, ask, view }) => {
      ask(compareOptions(api, { runs: view.runs }));
      ask(firstCurves(api, view));
    }),
    component: lazyRouteComponent(() => import("../pages/compare/compare-page.tsx"), "ComparePage"),
  }),
  createRoute({
    ...parent,
    path: "/runs/$runId/problems/$problemId",
    ...viewOf(problemView),
    ...asksFirst(problemView, ({ api, ask }, { runId, problemId }: { runId: string; problemId: string }) =>
      ask(problemOptions(api, runId, problemId)),
    ),
    component: lazyRouteComponent(() => import("../pages/problem/problem-page.tsx"), "ProblemPage"),
  }),
  createRoute({
    ...parent,
    path: "/trajectories/$trajectoryId",
    ...viewOf(trajectoryView),
    ...asksFirst(trajectoryView, ({ api, ask }, { trajectoryId }: { trajectoryId: string }) =>
      ask(trajectoryQuery(api, trajectoryId)),
    ),
    component: lazyRouteComponent(() => import("../pages/trajectory/trajectory-page.tsx"), "TrajectoryPage"),
  }),
  createRoute({
    ...parent,
    path: "/ask",
    ...viewOf(askView),
    component: lazyRouteComponent(() => import("../pages/ask/ask-page.tsx"), "AskPage"),
  }),
  createRoute({
    ...parent,
    path: "/system",
    ...viewOf(systemView),
    component: lazyRouteComponent(() => import("../pages/system/system-page.tsx"), "SystemPage"),
  }),
] as const;

/** The addresses of the page; each loads its own part of the program when it is first visited. */
export const createPageRouter = (context: RouterContext) =>
  createRouter({
    routeTree: root.addChildren(routes),
    context,
    defaultPreload: "intent",
    // How old an answer may be, the cache of answers knows.
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 150,
    defaultErrorComponent: RouteError,
    scrollRestoration: true,
  });
export type PageRouter = ReturnType<typeof createPageRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: PageRouter;
  }
}
