import { LitmusError } from "@litmus/core";
import type { CheckpointRecord, Page, PolicyVersionRecord, RunId, SummaryFilter } from "@litmus/core";
import { recordSchemas } from "@litmus/store";
import { z } from "zod";
import { inChunks, inPages } from "./in-parts.ts";
import { remoteRequest } from "./remote-request.ts";
import { maxPageSize, maxRuns, maxSummaries } from "./request-schemas.ts";
import type { StoreReader } from "./store-reader.ts";
import { restoreHome } from "./wire-json.ts";

const loopback = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/;
const runSchema = z.object({
  run: recordSchemas.run,
  versions: z.array(recordSchemas.policyVersion),
  checkpoints: z.array(recordSchemas.checkpoint),
  evaluations: z.array(recordSchemas.evaluation),
});

/**
 * Reads a store through the process that holds its folder. Negative zero comes as zero; everything else as it is stored.
 * @param token what that process asks for, if anything
 * @throws LitmusError `invalid-input` when the address is not on this machine
 */
export function createRemoteStore(address: string, token: string | null = null): StoreReader {
  if (!loopback.test(address)) throw new LitmusError("invalid-input", `${address} is not an address on this machine`);
  const get: Get = (path, schema) => remoteRequest({ url: new URL(path, address), token }, schema);
  return { ...readsOfRuns(get), ...readsOfTrajectories(get), ...bulkReads(get) };
}

/** Null when there is no such record. */
type Get = <T>(path: string, schema: z.ZodType<T>) => Promise<T | null>;

function readsOfRuns(get: Get) {
  const run = (id: string): Promise<z.infer<typeof runSchema> | null> => get(runPath(id), runSchema);
  return {
    runs: async () => (await get("/store/runs", z.object({ runs: z.array(recordSchemas.run) })))?.runs ?? [],
    run: async (id) => (await run(id))?.run ?? null,
    policyVersions: async (id) => ((await run(id))?.versions ?? []).map(versionHere),
    checkpoints: async (id) => ((await run(id))?.checkpoints ?? []).map(checkpointHere),
    evaluations: async (id) => (await run(id))?.evaluations ?? [],
    metrics: async (id) => {
      const schema = z.object({ metrics: z.array(recordSchemas.metric) });
      return (await get(`${runPath(id)}/metrics`, schema))?.metrics ?? [];
    },
    metricCurves: async (id, names) => {
      const schema = z.object({ curves: z.array(recordSchemas.metricCurve) });
      const query = names.map((name) => `name=${encodeURIComponent(name)}`).join("&");
      return (await get(`${runPath(id)}/metric-curves?${query}`, schema))?.curves ?? [];
    },
    problem: async (id, problem) => {
      const path = `${runPath(id)}/problems/${encodeURIComponent(problem)}`;
      return (await get(path, z.object({ problem: recordSchemas.problem })))?.problem ?? null;
    },
    problems: async (id, split) => {
      const schema = z.object({ problems: z.array(recordSchemas.storedProblem) });
      return (await get(`${runPath(id)}/problems${queryOf({ split })}`, schema))?.problems ?? [];
    },
  } satisfies Partial<StoreReader>;
}

function readsOfTrajectories(get: Get) {
  const path = ({ runId, ...filter }: SummaryFilter, what: string, page?: Page): string =>
    `${runPath(runId)}/${what}${queryOf({ ...filter, ...page })}`;
  return {
    trajectory: async (id) => {
      const schema = z.object({ trajectory: recordSchemas.trajectory });
      return (await get(`/store/trajectories/${encodeURIComponent(id)}`, schema))?.trajectory ?? null;
    },
    trained: async (id) => {
      const schema = z.object({ trained: recordSchemas.trainedTokens.nullable() });
      return (await get(`/store/trajectories/${encodeURIComponent(id)}/trained`, schema))?.trained ?? null;
    },
    rolloutKeys: async (filter) => {
      const schema = z.object({ rollouts: z.array(recordSchemas.rolloutKey) });
      return (await get(path(filter, "rollouts"), schema))?.rollouts ?? [];
    },
    trajectories: (filter, page) => {
      const schema = z.object({ trajectories: z.array(recordSchemas.trajectory) });
      return inPages(
        page,
        maxPageSize,
        async (part) => (await get(path(filter, "trajectories", part), schema))?.trajectories ?? [],
      );
    },
    summaries: (filter, page) => {
      const schema = z.object({ summaries: z.array(recordSchemas.summary) });
      return inPages(
        page,
        maxSummaries,
        async (part) => (await get(path(filter, "summaries", part), schema))?.summaries ?? [],
      );
    },
  } satisfies Partial<StoreReader>;
}

function bulkReads(get: Get) {
  const read: <T>(path: string, schema: z.ZodType<T>) => Promise<T> = async (path, schema) => {
    const found = await get(path, schema);
    if (found !== null) return found;
    throw new LitmusError(
      "incompatible",
      `the process that holds the store does not know ${path.replace(/\?.*/, "")}`,
      {
        hint: "it may be another version of litmus",
      },
    );
  };
  const ofRuns = (what: string, runIds: readonly RunId[]): string =>
    `/store/${what}${queryOf({ runs: runIds.join(",") })}`;
  return {
    latestMetrics: (runIds) => {
      const schema = z.object({ latest: z.array(recordSchemas.latestMetrics) });
      return inChunks(runIds, maxRuns, async (part) => (await read(ofRuns("latest-metrics", part), schema)).latest);
    },
    evaluationsOf: (runIds) => {
      const schema = z.object({ evaluations: z.array(recordSchemas.evaluation) });
      return inChunks(runIds, maxRuns, async (part) => (await read(ofRuns("evaluations", part), schema)).evaluations);
    },
    rolloutTotals: (runIds) => {
      const schema = z.object({ totals: z.array(recordSchemas.rolloutTotals) });
      return inChunks(runIds, maxRuns, async (part) => (await read(ofRuns("rollout-totals", part), schema)).totals);
    },
    revisions: async () =>
      (await read("/store/revisions", z.object({ revisions: z.array(recordSchemas.revision) }))).revisions,
    sizeBytes: async () => (await read("/store/size", z.object({ bytes: recordSchemas.sizeBytes }))).bytes,
  } satisfies Partial<StoreReader>;
}

const runPath = (id: string): string => `/store/runs/${encodeURIComponent(id)}`;

function queryOf(parameters: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? "" : `?${query.toString()}`;
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
