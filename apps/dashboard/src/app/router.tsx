import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  stripSearchParams,
} from "@tanstack/react-router";
import type { SearchSchemaInput } from "@tanstack/react-router";
import { askView } from "../pages/ask/search.ts";
import { compareView } from "../pages/compare/search.ts";
import { leaderboardView } from "../pages/leaderboard/search.ts";
import { problemView } from "../pages/problem/search.ts";
import { runView } from "../pages/run/search.ts";
import { runsView } from "../pages/runs/search.ts";
import { systemView } from "../pages/system/search.ts";
import { trajectoryView } from "../pages/trajectory/search.ts";
import type { ViewSchema } from "../state/view-schema.ts";
import { NotFoundPage } from "./not-found-page.tsx";
import { RouteError } from "./route-error.tsx";
import { Shell } from "./shell/shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });
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

const routes = [
  createRoute({
    ...parent,
    path: "/",
    ...viewOf(leaderboardView),
    component: lazyRouteComponent(() => import("../pages/leaderboard/leaderboard-page.tsx"), "LeaderboardPage"),
  }),
  createRoute({
    ...parent,
    path: "/runs",
    ...viewOf(runsView),
    component: lazyRouteComponent(() => import("../pages/runs/runs-page.tsx"), "RunsPage"),
  }),
  createRoute({
    ...parent,
    path: "/runs/$runId",
    ...viewOf(runView),
    component: lazyRouteComponent(() => import("../pages/run/run-page.tsx"), "RunPage"),
  }),
  createRoute({
    ...parent,
    path: "/compare",
    ...viewOf(compareView),
    component: lazyRouteComponent(() => import("../pages/compare/compare-page.tsx"), "ComparePage"),
  }),
  createRoute({
    ...parent,
    path: "/runs/$runId/problems/$problemId",
    ...viewOf(problemView),
    component: lazyRouteComponent(() => import("../pages/problem/problem-page.tsx"), "ProblemPage"),
  }),
  createRoute({
    ...parent,
    path: "/trajectories/$trajectoryId",
    ...viewOf(trajectoryView),
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
export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: "intent",
  defaultPendingMs: 150,
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
