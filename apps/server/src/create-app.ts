import { LitmusError } from "@litmus/core";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { answer, errorAnswer, thrownAnswer } from "./answer.ts";
import { guardRequests, type Guard } from "./guard-requests.ts";
import {
  maxBodyBytes,
  readFilter,
  readPage,
  readProblemId,
  readQuestion,
  readRunId,
  readTrajectoryId,
} from "./request-schemas.ts";
import { requireJson } from "./require-json.ts";
import { addRetrieveRoute, describeRetrieve, type RetrieveOptions } from "./retrieve/add-retrieve-route.ts";
import type { StoreReader } from "./store-reader.ts";

/** Answers one question. What it resolves to is sent as JSON; a LitmusError becomes an error answer. */
export type AskHandler = (question: string, signal: AbortSignal) => Promise<unknown>;

export interface AppOptions extends Guard {
  /** Absent where there are no runs to read. */
  readonly store?: StoreReader;
  /** Absent where nothing can be searched. */
  readonly retrieve?: RetrieveOptions;
  /** Absent when no policy is loaded: asking is then refused. */
  readonly ask?: AskHandler;
  /** Called with what went wrong inside, which no answer tells. */
  readonly onError?: (error: unknown) => void;
}

/** The routes. Reading a run, its trajectories and metrics; asking a question; searching. */
export function createApp({ store, retrieve, ask, onError, ...guard }: AppOptions): Hono {
  const app = new Hono();
  app.use(guardRequests(guard));
  const searched = retrieve === undefined ? {} : describeRetrieve(retrieve);
  app.get("/health", () => answer({ status: "ok", service: "litmus", ...searched }));
  if (store !== undefined) {
    addRunRoutes(app, store);
    addTrajectoryRoutes(app, store);
  }
  if (retrieve !== undefined) addRetrieveRoute(app, retrieve);
  addAskRoute(app, ask);
  app.notFound(() => errorAnswer(new LitmusError("not-found", "there is no such address")));
  app.onError((error) => {
    if (!LitmusError.isInstance(error) || error.code === "bug") onError?.(error);
    return thrownAnswer(error);
  });
  return app;
}

function addRunRoutes(app: Hono, store: StoreReader): void {
  app.get("/api/runs", async () => answer({ runs: await store.runs() }));
  app.get("/api/runs/:id", async (context) => {
    const run = await knownRun(store, context.req.param("id"));
    const [versions, checkpoints, evaluations] = await Promise.all([
      store.policyVersions(run.id),
      store.checkpoints(run.id),
      store.evaluations(run.id),
    ]);
    return answer({ run, versions, checkpoints, evaluations });
  });
  app.get("/api/runs/:id/metrics", async (context) => {
    const run = await knownRun(store, context.req.param("id"));
    return answer({ metrics: await store.metrics(run.id) });
  });
  app.get("/api/runs/:id/problems/:problemId", async (context) => {
    const run = await knownRun(store, context.req.param("id"));
    const problem = await store.problem(run.id, readProblemId(context.req.param("problemId")));
    if (problem === null) throw new LitmusError("not-found", "there is no such problem in this run");
    return answer({ problem });
  });
}

function addTrajectoryRoutes(app: Hono, store: StoreReader): void {
  app.get("/api/runs/:id/rollouts", async (context) => {
    const filter = readFilter(readRunId(context.req.param("id")), context.req.query());
    await knownRun(store, filter.runId);
    return answer({ rollouts: await store.rolloutKeys(filter) });
  });
  app.get("/api/runs/:id/trajectories", async (context) => {
    const { filter, page } = readPage(readRunId(context.req.param("id")), context.req.query());
    await knownRun(store, filter.runId);
    const [keys, trajectories] = await Promise.all([store.rolloutKeys(filter), store.trajectories(filter, page)]);
    return answer({ trajectories, ...page, total: keys.length });
  });
  app.get("/api/trajectories/:id", async (context) => {
    const trajectory = await store.trajectory(readTrajectoryId(context.req.param("id")));
    if (trajectory === null) throw new LitmusError("not-found", "there is no such trajectory");
    return answer({ trajectory });
  });
}

function addAskRoute(app: Hono, ask: AskHandler | undefined): void {
  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => errorAnswer(new LitmusError("invalid-input", `a request holds at most ${maxBodyBytes} bytes`), 413),
  });
  app.post("/api/ask", limit, requireJson, async (context) => {
    const body: unknown = await context.req.json().catch(() => {
      throw new LitmusError("invalid-input", "the body is not JSON", { hint: 'send {"question": "..."}' });
    });
    const question = readQuestion(body);
    if (ask === undefined) {
      throw new LitmusError("conflict", "this process has no policy to ask", {
        hint: "run litmus ask in a folder that no run holds",
      });
    }
    return answer(await ask(question, context.req.raw.signal));
  });
}

async function knownRun(store: StoreReader, id: string): Promise<NonNullable<Awaited<ReturnType<StoreReader["run"]>>>> {
  const run = await store.run(readRunId(id));
  if (run === null) throw new LitmusError("not-found", "there is no such run", { hint: "GET /api/runs lists them" });
  return run;
}
