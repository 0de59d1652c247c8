import { z } from "zod";
import { ApiError, errorAnswerSchema } from "./api-error.ts";
import type {
  AttemptsQuery,
  CompareQuery,
  LeaderboardQuery,
  ProblemsQuery,
  RunQuery,
  RunsQuery,
  SeriesQuery,
  TokensQuery,
} from "./queries.ts";
import { addressOf, routes, type QueryValues, type Route } from "./routes.ts";
import { askOptionsSchema } from "./views/ask.ts";
import { comparisonSchema } from "./views/compare.ts";
import { leaderboardSchema } from "./views/leaderboard.ts";
import { attemptListSchema, problemListSchema, problemViewSchema } from "./views/problem.ts";
import { controlSchema, runViewSchema, type ControlAction } from "./views/run.ts";
import { runListSchema } from "./views/runs.ts";
import { seriesListSchema } from "./views/series.ts";
import { sessionSchema, systemSchema } from "./views/system.ts";
import { tokenPageSchema, trajectoryViewSchema } from "./views/trajectory.ts";

export interface ApiClientOptions {
  /** Origin of the server, without a slash at the end; empty for the page's own. */
  readonly baseUrl: string;
  /** Read at every request; null where none is known. */
  readonly token: () => string | null;
  readonly fetch?: typeof fetch;
}

/** One method an address. Each rejects with an {@link ApiError}, and with the signal's reason when it is aborted. */
export type ApiClient = ReturnType<typeof createApiClient>;

/** The typed client of the HTTP API. What comes is checked by its schema. */
export function createApiClient({ baseUrl, token, fetch: send = fetch }: ApiClientOptions) {
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const shown = token();
    const headers = new Headers(init.headers);
    if (shown !== null) headers.set("authorization", `Bearer ${shown}`);
    const response = await send(`${baseUrl}${path}`, { ...init, headers }).catch((cause: unknown) => {
      if (init.signal?.aborted === true) throw cause;
      throw unanswered(baseUrl);
    });
    if (response.ok) return response;
    throw await refusal(response);
  };
  const get = async <Output>(
    schema: z.ZodType<Output>,
    route: Route,
    { parameters = {}, query = {}, signal }: Details = {},
  ): Promise<Output> => {
    const path = addressOf(route, parameters, query);
    const response = await request(path, signal === undefined ? {} : { signal });
    return checked(schema, await jsonOf(response), path);
  };
  const post = async (route: Route, parameters: Details["parameters"], body: unknown): Promise<Response> =>
    request(addressOf(route, parameters), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  return {
    /** For what has no method: exports, event streams. */
    request,
    session: (signal?: AbortSignal) => get(sessionSchema, routes.session, { ...given(signal) }),
    leaderboard: (query: Partial<LeaderboardQuery> = {}, signal?: AbortSignal) =>
      get(leaderboardSchema, routes.leaderboard, { query, ...given(signal) }),
    runs: (query: Partial<RunsQuery> = {}, signal?: AbortSignal) =>
      get(runListSchema, routes.runs, { query, ...given(signal) }),
    run: (runId: string, query: RunQuery = {}, signal?: AbortSignal) =>
      get(runViewSchema, routes.run, { parameters: { runId }, query: { ...query }, ...given(signal) }),
    control: async (runId: string, action: ControlAction) =>
      checked(controlSchema, await jsonOf(await post(routes.control, { runId }, { action })), routes.control),
    series: (query: Pick<SeriesQuery, "sources" | "metrics"> & Partial<SeriesQuery>, signal?: AbortSignal) =>
      get(seriesListSchema, routes.series, { query: { ...query }, ...given(signal) }),
    compare: (query: Partial<CompareQuery> = {}, signal?: AbortSignal) =>
      get(comparisonSchema, routes.compare, { query, ...given(signal) }),
    problems: (runId: string, query: Partial<ProblemsQuery> = {}, signal?: AbortSignal) =>
      get(problemListSchema, routes.problems, { parameters: { runId }, query, ...given(signal) }),
    problem: (runId: string, problemId: string, signal?: AbortSignal) =>
      get(problemViewSchema, routes.problem, { parameters: { runId, problemId }, ...given(signal) }),
    attempts: (runId: string, query: Partial<AttemptsQuery> = {}, signal?: AbortSignal) =>
      get(attemptListSchema, routes.attempts, { parameters: { runId }, query, ...given(signal) }),
    trajectory: (trajectoryId: string, signal?: AbortSignal) =>
      get(trajectoryViewSchema, routes.trajectory, { parameters: { trajectoryId }, ...given(signal) }),
    tokens: (trajectoryId: string, query: Partial<TokensQuery> = {}, signal?: AbortSignal) =>
      get(tokenPageSchema, routes.tokens, { parameters: { trajectoryId }, query, ...given(signal) }),
    askOptions: (signal?: AbortSignal) => get(askOptionsSchema, routes.askOptions, { ...given(signal) }),
    system: (signal?: AbortSignal) => get(systemSchema, routes.system, { ...given(signal) }),
  };
}

interface Details {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: QueryValues;
  readonly signal?: AbortSignal;
}

const given = (signal: AbortSignal | undefined): { readonly signal?: AbortSignal } =>
  signal === undefined ? {} : { signal };

/** What is no JSON is in another form than any schema. */
const jsonOf = (response: Response): Promise<unknown> => response.json().catch(() => undefined);

function checked<Output>(schema: z.ZodType<Output>, value: unknown, path: string): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const place = z.core.toDotPath(parsed.error.issues[0]?.path ?? []);
  throw new ApiError({
    code: "incompatible",
    message: `the server answers ${path} in another form${place === "" ? "" : `, first at ${place}`}`,
    status: 200,
    hint: "the page and the server are of different versions: reload the page",
    detail: z.prettifyError(parsed.error),
  });
}

function unanswered(baseUrl: string): ApiError {
  return new ApiError({
    code: "unavailable",
    message: `the server${baseUrl === "" ? "" : ` at ${baseUrl}`} does not answer`,
    status: 0,
    hint: "start it again with: npx litmus serve",
  });
}

async function refusal(response: Response): Promise<ApiError> {
  const body = errorAnswerSchema.safeParse(await jsonOf(response)).data;
  return new ApiError({
    code: body?.code ?? "unavailable",
    message: body?.message ?? `the server answered with status ${response.status}`,
    status: response.status,
    hint: body?.hint ?? null,
  });
}
