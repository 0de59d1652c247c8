import { LitmusError, systemClock } from "@litmus/core";
import { Hono } from "hono";
import { answer, errorAnswer, thrownAnswer } from "./answer.ts";
import type { AppOptions } from "./app-options.ts";
import { guardRequests } from "./guard-requests.ts";
import { addPageRoutes } from "./page/add-page-routes.ts";
import { addRetrieveRoute, describeRetrieve } from "./retrieve/add-retrieve-route.ts";
import { addAskRoutes } from "./routes/add-ask-routes.ts";
import { addEventRoute } from "./routes/add-event-route.ts";
import { addListRoutes } from "./routes/add-list-routes.ts";
import { addProblemRoutes } from "./routes/add-problem-routes.ts";
import { addRunViewRoutes } from "./routes/add-run-view-routes.ts";
import { addSeriesRoutes } from "./routes/add-series-routes.ts";
import { addSessionRoute, addSystemRoute } from "./routes/add-system-routes.ts";
import { addTrajectoryViewRoutes } from "./routes/add-trajectory-view-routes.ts";
import { version } from "./server-version.ts";
import { addBulkRoutes } from "./store-routes/add-bulk-routes.ts";
import { addReleaseRoute } from "./store-routes/add-release-route.ts";
import { addRunRoutes } from "./store-routes/add-run-routes.ts";
import { addTrajectoryRoutes } from "./store-routes/add-trajectory-routes.ts";
import { createStoreReads } from "./views/store-reads.ts";

/** The routes: views for the page, records for other processes, questions, searches, the page itself. */
export function createApp(options: AppOptions): Hono {
  const { store, release, retrieve, ask, page, timing, onError = () => undefined } = options;
  const app = new Hono();
  app.use(guardRequests(options));
  const searched = retrieve === undefined ? {} : describeRetrieve(retrieve);
  app.get("/health", () => answer({ status: "ok", service: "litmus", ...searched }));
  addSessionRoute(app, { guard: options, canAsk: ask !== undefined });
  if (store !== undefined) {
    addRunRoutes(app, store);
    addTrajectoryRoutes(app, store);
    addBulkRoutes(app, store);
    addViewRoutes(app, { ...options, store });
  }
  if (release !== undefined) addReleaseRoute(app, release);
  if (retrieve !== undefined) addRetrieveRoute(app, retrieve);
  addAskRoutes(app, { ask, timing, onError });
  if (page !== undefined) addPageRoutes(app, page);
  app.notFound(() => errorAnswer(new LitmusError("not-found", "there is no such address")));
  app.onError((error) => thrownAnswer(error, onError));
  return app;
}

function addViewRoutes(app: Hono, options: AppOptions & Required<Pick<AppOptions, "store">>): void {
  const {
    store,
    storeEngine = "unknown",
    control,
    queue,
    spellTokens,
    timing,
    readers,
    onError = () => undefined,
  } = options;
  const reads = createStoreReads({ store, timing, onError });
  addListRoutes(app, reads);
  addRunViewRoutes(app, reads, control);
  addSeriesRoutes(app, reads);
  addProblemRoutes(app, reads);
  addTrajectoryViewRoutes(app, reads, spellTokens);
  addEventRoute(app, reads, { timing, readers, onError });
  addSystemRoute(app, reads, { version, startedAt: systemClock.timestamp(), storeEngine, queue });
}
