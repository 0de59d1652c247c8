import { LitmusError } from "@litmus/core";
import type { Hono } from "hono";
import { answer } from "../answer.ts";
import { readNames, readProblemId, readSplit } from "../request-schemas.ts";
import type { StoreReader } from "../store-reader.ts";
import { knownRun } from "./known-run.ts";

/** Runs and what belongs to one, for another process. */
export function addRunRoutes(app: Hono, store: StoreReader): void {
  app.get("/store/runs", async () => answer({ runs: await store.runs() }));
  app.get("/store/runs/:id", async (context) => {
    const run = await knownRun(store, context.req.param("id"));
    const [versions, checkpoints, evaluations] = await Promise.all([
      store.policyVersions(run.id),
      store.checkpoints(run.id),
      store.evaluations(run.id),
    ]);
    return answer({ run, versions, checkpoints, evaluations });
  });
  app.get("/store/runs/:id/metrics", async (context) => {
    const run = await knownRun(store, context.req.param("id"));
    return answer({ metrics: await store.metrics(run.id) });
  });
  app.get("/store/runs/:id/metric-curves", async (context) => {
    const run = await knownRun(store, context.req.param("id"));
    return answer({ curves: await store.metricCurves(run.id, readNames(context.req.queries())) });
  });
  app.get("/store/runs/:id/problems", async (context) => {
    const run = await knownRun(store, context.req.param("id"));
    return answer({ problems: await store.problems(run.id, readSplit(context.req.query())) });
  });
  app.get("/store/runs/:id/problems/:problemId", async (context) => {
    const run = await knownRun(store, context.req.param("id"));
    const problem = await store.problem(run.id, readProblemId(context.req.param("problemId")));
    if (problem === null) throw new LitmusError("not-found", "there is no such problem in this run");
    return answer({ problem });
  });
}
