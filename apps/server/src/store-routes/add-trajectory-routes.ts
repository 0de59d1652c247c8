import { LitmusError } from "@litmus/core";
import type { Hono } from "hono";
import { answer } from "../answer.ts";
import { readFilter, readPage, readRunId, readSummaryPage, readTrajectoryId } from "../request-schemas.ts";
import type { StoreReader } from "../store-reader.ts";
import { knownRun } from "./known-run.ts";

/** Trajectories, for another process. */
export function addTrajectoryRoutes(app: Hono, store: StoreReader): void {
  app.get("/store/runs/:id/rollouts", async (context) => {
    const filter = readFilter(readRunId(context.req.param("id")), context.req.query());
    await knownRun(store, filter.runId);
    return answer({ rollouts: await store.rolloutKeys(filter) });
  });
  app.get("/store/runs/:id/trajectories", async (context) => {
    const { filter, page } = readPage(readRunId(context.req.param("id")), context.req.query());
    await knownRun(store, filter.runId);
    const [keys, trajectories] = await Promise.all([store.rolloutKeys(filter), store.trajectories(filter, page)]);
    return answer({ trajectories, ...page, total: keys.length });
  });
  app.get("/store/runs/:id/summaries", async (context) => {
    const { filter, page } = readSummaryPage(readRunId(context.req.param("id")), context.req.query());
    await knownRun(store, filter.runId);
    return answer({ summaries: await store.summaries(filter, page), ...page });
  });
  app.get("/store/trajectories/:id", async (context) => {
    const trajectory = await store.trajectory(readTrajectoryId(context.req.param("id")));
    if (trajectory === null) throw new LitmusError("not-found", "there is no such trajectory");
    return answer({ trajectory });
  });
  app.get("/store/trajectories/:id/trained", async (context) => {
    return answer({ trained: await store.trained(readTrajectoryId(context.req.param("id"))) });
  });
}
