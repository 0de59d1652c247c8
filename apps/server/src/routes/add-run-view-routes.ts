import { controlRequestSchema, routes, runQuery, type Control } from "@litmus/api";
import { LitmusError, type RunRecord } from "@litmus/core";
import type { Hono } from "hono";
import type { RunControl } from "../app-options.ts";
import { limitBody, readBody } from "../read-body.ts";
import { readRunId } from "../request-schemas.ts";
import { requireJson } from "../require-json.ts";
import { knownRun } from "../views/known-run.ts";
import { runView } from "../views/run/run-view.ts";
import type { LiveReads } from "../views/store-reads.ts";
import { readQuery } from "./read-query.ts";
import { changingAnswer } from "./view-answer.ts";

/** One run, and what may be done with it. */
export function addRunViewRoutes(app: Hono, reads: LiveReads, control: RunControl | undefined): void {
  const controlOf = async (run: RunRecord): Promise<Control> => control?.control(run.id) ?? uncontrolled(run);
  app.get(routes.run, async (context) => {
    const query = readQuery(runQuery, context);
    const run = await knownRun(reads, readRunId(context.req.param("runId")));
    return changingAnswer(context, await runView(reads, run.id, { query, control: await controlOf(run) }));
  });
  app.get(routes.control, async (context) => {
    const run = await knownRun(reads, readRunId(context.req.param("runId")));
    return changingAnswer(context, await controlOf(run));
  });
  app.post(routes.control, limitBody, requireJson, async (context) => {
    const { action } = await readBody(context, controlRequestSchema);
    const run = await knownRun(reads, readRunId(context.req.param("runId")));
    if (control === undefined)
      throw new LitmusError("conflict", "no run can be controlled through this server", {
        hint: "open the address that the run's own litmus train printed",
      });
    return changingAnswer(context, await control.act(run.id, action));
  });
}

/** Of a server that only reads. */
function uncontrolled({ status }: RunRecord): Control {
  const isRunning = status === "running";
  return {
    state: isRunning ? "elsewhere" : "ended",
    actions: [],
    reason: isRunning ? "another process trains it, which this server does not reach" : null,
    resumeCommand: null,
  };
}
