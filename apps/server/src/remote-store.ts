import { LitmusError } from "@litmus/core";
import type {
  CheckpointRecord,
  ErrorCode,
  PolicyVersionRecord,
  StoredTrajectory,
  TrajectoryFilter,
} from "@litmus/core";
import { recordSchemas } from "@litmus/store";
import { z } from "zod";
import { maxPageSize } from "./request-schemas.ts";
import type { StoreReader } from "./store-reader.ts";
import { restoreHome } from "./wire-json.ts";

const timeoutMs = 30_000;
const loopback = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/;
const errorSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });
const runSchema = z.object({
  run: recordSchemas.run,
  versions: z.array(recordSchemas.policyVersion),
  checkpoints: z.array(recordSchemas.checkpoint),
  evaluations: z.array(recordSchemas.evaluation),
});
const pageSchema = z.object({ trajectories: z.array(recordSchemas.trajectory), total: z.int() });

/**
 * Reads a store through the process that holds its folder. Negative zero comes as zero; everything else as it is stored.
 * @throws LitmusError `invalid-input` when the address is not on this machine
 */
export function createRemoteStore(address: string): StoreReader {
  if (!loopback.test(address)) throw new LitmusError("invalid-input", `${address} is not an address on this machine`);
  const get = <T>(path: string, schema: z.ZodType<T>): Promise<T | null> => request(new URL(path, address), schema);
  const run = (id: string): Promise<z.infer<typeof runSchema> | null> =>
    get(`/api/runs/${encodeURIComponent(id)}`, runSchema);
  return {
    runs: async () => (await get("/api/runs", z.object({ runs: z.array(recordSchemas.run) })))?.runs ?? [],
    run: async (id) => (await run(id))?.run ?? null,
    policyVersions: async (id) => ((await run(id))?.versions ?? []).map(versionHere),
    checkpoints: async (id) => ((await run(id))?.checkpoints ?? []).map(checkpointHere),
    evaluations: async (id) => (await run(id))?.evaluations ?? [],
    metrics: async (id) => {
      const schema = z.object({ metrics: z.array(recordSchemas.metric) });
      return (await get(`/api/runs/${encodeURIComponent(id)}/metrics`, schema))?.metrics ?? [];
    },
    problem: async (id, problem) => {
      const path = `/api/runs/${encodeURIComponent(id)}/problems/${encodeURIComponent(problem)}`;
      return (await get(path, z.object({ problem: recordSchemas.problem })))?.problem ?? null;
    },
    trajectory: async (id) => {
      const schema = z.object({ trajectory: recordSchemas.trajectory });
      return (await get(`/api/trajectories/${encodeURIComponent(id)}`, schema))?.trajectory ?? null;
    },
    rolloutKeys: async (filter) => {
      const schema = z.object({ rollouts: z.array(recordSchemas.rolloutKey) });
      return (await get(pathOf(filter, "rollouts", {}), schema))?.rollouts ?? [];
    },
    trajectories: async (filter, page) => {
      const found: StoredTrajectory[] = [];
      const first = page?.offset ?? 0;
      for (let end = page === undefined ? Infinity : first + page.limit; first + found.length < end;) {
        const offset = first + found.length;
        const part = await get(
          pathOf(filter, "trajectories", { offset, limit: Math.min(maxPageSize, end - offset) }),
          pageSchema,
        );
        if (part === null || part.trajectories.length === 0) break;
        found.push(...part.trajectories);
        end = Math.min(end, part.total);
      }
      return found;
    },
  };
}

function pathOf({ runId, ...filter }: TrajectoryFilter, what: string, page: Readonly<Record<string, number>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...page }))
    if (value !== undefined) query.set(name, String(value));
  return `/api/runs/${encodeURIComponent(runId)}/${what}?${query.toString()}`;
}

function versionHere(record: PolicyVersionRecord): PolicyVersionRecord {
  const { adapter } = record;
  return adapter === null ? record : { ...record, adapter: { ...adapter, path: restoreHome(adapter.path) } };
}

function checkpointHere(record: CheckpointRecord): CheckpointRecord {
  const { state } = record;
  const adapterPath = restoreHome(state.adapterPath);
  return { ...record, state: { ...state, adapterPath, optimizerPath: restoreHome(state.optimizerPath) } };
}

/** Null when the server has no such record. */
async function request<T>(url: URL, schema: z.ZodType<T>): Promise<T | null> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    body = await response.json();
  } catch (cause) {
    throw new LitmusError("unavailable", `the process that holds the store does not answer at ${url.origin}`, {
      hint: "it may just have ended: run the same command again",
      retryable: true,
      cause,
    });
  }
  if (response.status === 404) return null;
  if (!response.ok) throw refusal(url, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new LitmusError(
    "incompatible",
    `the process at ${url.origin} answers in another form: ${z.prettifyError(parsed.error)}`,
    {
      hint: "it may be another version of litmus",
      cause: parsed.error,
    },
  );
}

function refusal(url: URL, body: unknown): LitmusError {
  const { data } = errorSchema.safeParse(body);
  if (data === undefined) return new LitmusError("unavailable", `the process at ${url.origin} failed`);
  const isInput = data.code === "invalid-input";
  const code: ErrorCode = isInput ? "invalid-input" : "unavailable";
  return new LitmusError(code, data.message, data.hint === undefined ? {} : { hint: data.hint });
}
