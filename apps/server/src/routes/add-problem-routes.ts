import { attemptsQuery, problemsQuery, routes } from "@litmus/api";
import type { Hono } from "hono";
import { readProblemId, readRunId } from "../request-schemas.ts";
import { attemptsView } from "../views/problem/attempts-view.ts";
import { problemView } from "../views/problem/problem-view.ts";
import { problemsView } from "../views/problem/problems-view.ts";
import type { LiveReads } from "../views/store-reads.ts";
import { readQuery } from "./read-query.ts";
import { viewAnswer } from "./view-answer.ts";

/** The questions of a run, over all its steps, and the trajectories that worked on them. */
export function addProblemRoutes(app: Hono, reads: LiveReads): void {
  app.get(routes.problems, (context) => {
    const query = readQuery(problemsQuery, context);
    const runId = readRunId(context.req.param("runId"));
    return viewAnswer(context, reads, () => problemsView(reads, runId, query));
  });
  app.get(routes.problem, (context) => {
    const runId = readRunId(context.req.param("runId"));
    const problemId = readProblemId(context.req.param("problemId"));
    return viewAnswer(context, reads, () => problemView(reads, runId, problemId));
  });
  app.get(routes.attempts, (context) => {
    const query = readQuery(attemptsQuery, context);
    const runId = readRunId(context.req.param("runId"));
    return viewAnswer(context, reads, () => attemptsView(reads, runId, query));
  });
}
