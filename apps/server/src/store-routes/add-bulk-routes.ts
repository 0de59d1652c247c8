import type { Hono } from "hono";
import { answer } from "../answer.ts";
import { readRunIds } from "../request-schemas.ts";
import type { StoreReader } from "../store-reader.ts";

/** What is read of many runs at once, for another process; runs that there are not have nothing. */
export function addBulkRoutes(app: Hono, store: StoreReader): void {
  app.get("/store/revisions", async () => answer({ revisions: await store.revisions() }));
  app.get("/store/size", async () => answer({ bytes: await store.sizeBytes() }));
  app.get("/store/latest-metrics", async (context) =>
    answer({ latest: await store.latestMetrics(readRunIds(context.req.query())) }),
  );
  app.get("/store/evaluations", async (context) =>
    answer({ evaluations: await store.evaluationsOf(readRunIds(context.req.query())) }),
  );
  app.get("/store/rollout-totals", async (context) =>
    answer({ totals: await store.rolloutTotals(readRunIds(context.req.query())) }),
  );
}
